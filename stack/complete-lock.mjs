// Adds to package-lock.json the optional packages of platforms other than this one that the registry at hand does not carry.
//
// Why: npm records an optional dependency only when the registry answers for it. A partial mirror has no macOS or Windows builds of some
// packages, so a lockfile made there lacks them, and `npm ci` refuses such a lockfile on every machine ("Missing: ... from lock file").
// Each missing package is entered with its exact version, os and cpu, read from its name: machines of another platform skip it, machines of
// that platform fetch it. Run it after each `npm install` that adds packages; it changes nothing when nothing is missing.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OS_BY_WORD = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
};
const CPU_BY_WORD = {
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
};

/** `@swc/core-linux-arm64-gnu` -> `{ os: ['linux'], cpu: ['arm64'], libc: ['glibc'] }`; null when the name tells no platform. */
export function platformOfName(name) {
  const words = name.split('/').at(-1).split('-');
  const os = words.map((word) => OS_BY_WORD[word]).find(Boolean);
  const cpu = words.map((word) => CPU_BY_WORD[word]).find(Boolean);
  if (!os || !cpu) return null;
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : null;
  return { os: [os], cpu: [cpu], ...(os === 'linux' && libc ? { libc } : {}) };
}

/** Takes the parsed lockfile, gives the entries (path -> entry) that it lacks. A range is pinned to its lower end. */
export function missingOptionalEntries(lock) {
  const missing = {};
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isInLock(lock, path, name)) continue;
      const platform = platformOfName(name);
      if (!platform) continue;
      missing[`node_modules/${name}`] = {
        version: range.replace(/^[\^~]/, ''),
        cpu: platform.cpu,
        ...(entry.dev ? { dev: true } : {}),
        ...(platform.libc ? { libc: platform.libc } : {}),
        optional: true,
        os: platform.os,
      };
    }
  }
  return missing;
}

function isInLock(lock, fromPath, name) {
  for (let base = fromPath; ; base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))) {
    if (lock.packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true;
    if (!base) return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2] ?? 'package-lock.json';
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingOptionalEntries(lock);
  const names = Object.keys(missing).map((path) => path.slice('node_modules/'.length));
  if (names.length > 0) {
    const paths = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en'));
    writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(paths) }, null, 2)}\n`);
  }
  console.log(names.length === 0 ? `${file} names every platform` : `${file}: added ${names.join(', ')}`);
}
