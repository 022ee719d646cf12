import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../processes/run.ts';
import type { Way, WayContext } from './part.ts';

/** Package lists of our own, so that neither root nor an earlier `apt-get update` is needed. */
const privateLists = async (dir: string, context: WayContext): Promise<string[]> => {
  const state = join(dir, 'apt');
  await mkdir(join(state, 'lists', 'partial'), { recursive: true });
  await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true });
  const options = ['-o', `Dir::State::lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${join(state, 'cache')}`];
  context.detail('apt-get update, into lists of our own');
  await run('apt-get', [...options, '-q', 'update'], { signal: context.signal, onLine: context.detail });
  return options;
};

/** Downloads Debian packages and unpacks them side by side into the part's folder, without root and without installing anything. */
export const debianPackages = (names: string[]): Way => ({
  how: "unpacked from the distribution's packages",
  needs: ['apt-get', 'dpkg'],
  async run(dir, context) {
    const { signal, detail } = context;
    const download = (options: string[]) =>
      run('apt-get', [...options, '-q', 'download', ...names], { cwd: dir, signal, onLine: detail });
    // apt's sandbox user cannot write into our folder: the download runs as whoever we are.
    const asUs = ['-o', 'APT::Sandbox::User='];
    await download(asUs).catch(async () => download([...asUs, ...(await privateLists(dir, context))]));
    for (const file of (await readdir(dir)).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg', ['-x', join(dir, file), dir], { signal });
      await rm(join(dir, file));
    }
    await rm(join(dir, 'apt'), { recursive: true, force: true });
  },
});
