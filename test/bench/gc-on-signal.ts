/** Preloaded (`node --import`) into every thread of a measured process: on SIGHUP each collects its garbage. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const channel = new BroadcastChannel('collect-garbage');
channel.onmessage = () => collect();
channel.unref();

if (isMainThread) {
  process.on('SIGHUP', () => {
    channel.postMessage(null);
    collect();
  });
}
