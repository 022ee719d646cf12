/** Chroma, the vector store. */
import { join } from 'node:path';
import type { Obtained, Part } from './parts/part.ts';
import { unpackWheel, WHEEL_NEEDS } from './parts/wheel.ts';
import { ROOT } from './paths.ts';
import { run } from './processes/run.ts';
import { answersHttp } from './reach.ts';
import { LOOPBACK, type Server, type ServerContext } from './server.ts';

const WHEEL_VERSION = '1.5.9';

/** The npm package's command line; its native library wants a C library newer than some current distributions have. */
const NPM_CLI = join(ROOT, 'node_modules', 'chromadb', 'dist', 'cli.mjs');

/** The Python wheel carries the same server, built for older C libraries: it is called without installing the package. */
const CALL_WHEEL = 'import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(["chroma", *sys.argv[1:]])';

const fromNpm = async (): Promise<Obtained | null> => {
  const version = await run(process.execPath, [NPM_CLI, '--version']).catch(() => null);
  return version === null ? null : { source: 'package', version: version.trim(), main: NPM_CLI, dir: ROOT };
};

export const chromaServer: Part = {
  name: 'chroma',
  version: WHEEL_VERSION,
  packaged: fromNpm,
  main: join('chromadb_rust_bindings', '__init__.py'),
  ways: [
    {
      how: 'unpacked from the Python package',
      needs: WHEEL_NEEDS,
      run: (dir, context) => unpackWheel({ requirement: `chromadb==${WHEEL_VERSION}` }, dir, context),
    },
  ],
  remedy: 'Install Python 3 with pip, or give CHROMA_URL.',
};

const chromaUrl = ({ port }: ServerContext): string => `http://${LOOPBACK}:${port('CHROMA_PORT')}`;

export const chroma: Server = {
  name: 'chroma',
  addressVariable: 'CHROMA_URL',
  ports: [{ variable: 'CHROMA_PORT', defaultPort: 18000, what: 'Chroma' }],
  parts: [chromaServer],
  async launch({ dataDir, port, part }) {
    const server = part('chroma');
    const args = ['run', '--host', LOOPBACK, '--port', String(port('CHROMA_PORT')), '--path', join(dataDir, 'data')];
    return server.source === 'package'
      ? { command: process.execPath, args: [server.main, ...args] }
      : {
          command: 'python3',
          args: ['-c', CALL_WHEEL, ...args],
          env: { PYTHONPATH: server.dir, PYTHONDONTWRITEBYTECODE: '1' },
        };
  },
  isReady: (context) => answersHttp(`${chromaUrl(context)}/api/v2/heartbeat`),
  environment: (context) => ({ CHROMA_URL: chromaUrl(context) }),
};
