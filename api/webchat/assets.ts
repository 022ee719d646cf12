/** The web chat's script and style sheet, bundled once per process, in memory, under names that change with their content. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Asset {
  /** `/webchat/main-<hash>.js`. */
  path: string;
  type: string;
  content: Uint8Array;
}

export interface WebchatAssets {
  script: Asset;
  style: Asset;
}

const source = (name: string): string => fileURLToPath(new URL(`page/${name}`, import.meta.url));

const bundle = async (name: string, type: string): Promise<Asset> => {
  const { outputFiles } = await build({
    entryPoints: [source(name)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2022', 'safari16'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`${name} gave no bundle`);
  const hash = createHash('sha256').update(file.contents).digest('base64url').slice(0, 12);
  const [stem, extension] = type === 'text/css' ? ['style', 'css'] : ['main', 'js'];
  return { path: `/webchat/${stem}-${hash}.${extension}`, type, content: file.contents };
};

let bundled: Promise<WebchatAssets> | undefined;

/** Bundles at the first call. Rejects where a source does not compile. */
export const webchatAssets = (): Promise<WebchatAssets> => {
  bundled ??= Promise.all([bundle('main.ts', 'text/javascript'), bundle('styles.css', 'text/css')]).then(
    ([script, style]) => ({ script, style }),
  );
  return bundled;
};
