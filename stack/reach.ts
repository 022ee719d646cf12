/** Whether something listens at an address; nothing more is asked of it. */
import { connect } from 'node:net';

const CONNECT_WITHIN_MS = 2_000;
const PORT_BY_PROTOCOL: Record<string, number> = {
  'http:': 80,
  'https:': 443,
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
};

/** Host and port of a URL or of `host:port`. Throws when the text is neither. */
export const hostAndPort = (address: string): { host: string; port: number } => {
  const url = new URL(address.includes('://') ? address : `tcp://${address}`);
  const port = url.port ? Number(url.port) : PORT_BY_PROTOCOL[url.protocol];
  if (!url.hostname || !port) throw new Error(`${address} names no host and port`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
};

/** Tries a TCP connection for at most two seconds. */
export const canConnect = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ ...hostAndPort(address), timeout: CONNECT_WITHIN_MS });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });

/** Whether a GET of the URL is answered with a success within two seconds. */
export const answersHttp = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
};
