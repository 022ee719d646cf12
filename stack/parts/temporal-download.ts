import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { run } from '../processes/run.ts';
import type { Way } from './part.ts';

/** Where Temporal's SDKs find the builds that fit their release (sdk-core, ephemeral_server). */
const ORIGIN = 'https://temporal.download';
const SDK_VERSION = '1.23.0';
const REACH_TIMEOUT_MS = 5_000;

interface DownloadInfo {
  archiveUrl: string;
  fileToExtract: string;
}

const downloadInfo = async (artifact: string): Promise<DownloadInfo> => {
  const query = new URLSearchParams({
    arch: process.arch === 'x64' ? 'amd64' : 'arm64',
    platform: process.platform,
    format: 'tar.gz',
    'sdk-name': 'sdk-typescript',
    'sdk-version': SDK_VERSION,
  });
  const signal = AbortSignal.timeout(REACH_TIMEOUT_MS);
  const response = await fetch(`${ORIGIN}/${artifact}/default?${query}`, { signal }).catch(() => {
    throw new Error(`${ORIGIN} cannot be reached`);
  });
  if (!response.ok) throw new Error(`${ORIGIN} answered ${response.status}`);
  return (await response.json()) as DownloadInfo;
};

/** Downloads what the Temporal SDK would download itself (`cli` or `temporal-test-server`) and names it `executable`. */
export const temporalDownload = (artifact: string, executable: string): Way => ({
  how: 'downloaded from where the SDK finds it',
  needs: ['tar'],
  async run(dir, { signal }) {
    const info = await downloadInfo(artifact);
    const response = await fetch(info.archiveUrl, { signal });
    if (!response.ok) throw new Error(`the archive's host answered ${response.status}`);
    const archive = join(dir, basename(new URL(info.archiveUrl).pathname));
    const unpacked = join(dir, 'unpacked');
    await writeFile(archive, Buffer.from(await response.arrayBuffer()));
    await mkdir(unpacked);
    await run('tar', ['-xzf', archive, '-C', unpacked], { signal });
    await run('install', ['-m', '755', join(unpacked, info.fileToExtract), join(dir, executable)], { signal });
    await rm(archive);
    await rm(unpacked, { recursive: true });
  },
});
