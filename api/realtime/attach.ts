/** `/v1/realtime`: the web chat's WebSocket on the API's HTTP server (RFC 6455). */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { CLOSE, FRAME_MOST_BYTES } from '../../shared/contracts/realtime.ts';
import type { ApiDeps } from '../deps.ts';
import { serveConnection } from './connection.ts';
import { createHints } from './hints.ts';

export type RealtimeDeps = Pick<ApiDeps, 'config' | 'orm' | 'redis' | 'logger' | 'handInbound'>;

export interface Realtime {
  /** Sends everyone away with 1012, so that they come back to the next process. */
  close(): Promise<void>;
}

const PATH = '/v1/realtime';
/** Proxies cut connections that are silent for a minute or so. */
const HEARTBEAT_MS = 25_000;
const GOODBYE_MS = 2_000;

/** Serves web chats on `server`; every other upgrade is refused. */
export const attachRealtime = (server: Server, deps: RealtimeDeps): Realtime => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_MOST_BYTES, perMessageDeflate: false });
  const hints = createHints(deps.redis);
  const alive = new WeakSet<WebSocket>();

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    if (new URL(request.url ?? '/', 'http://cairn').pathname !== PATH) return turnAway(stream, '404 Not Found');
    if (!isOwnOrigin(request.headers.origin, deps.config.publicUrl)) return turnAway(stream, '403 Forbidden');
    sockets.handleUpgrade(request, stream, head, (socket) => {
      alive.add(socket);
      socket.on('pong', () => alive.add(socket));
      socket.on('error', () => socket.terminate());
      serveConnection(socket, deps, hints);
    });
  });

  const heartbeat = setInterval(() => {
    for (const socket of sockets.clients) {
      if (alive.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }, HEARTBEAT_MS);

  return {
    close: async () => {
      clearInterval(heartbeat);
      for (const socket of sockets.clients) socket.close(CLOSE.restart, 'the server restarts');
      const late = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, GOODBYE_MS);
      await new Promise((resolve) => sockets.close(resolve));
      clearTimeout(late);
      hints.close();
    },
  };
};

const turnAway = (stream: Duplex, status: string): void => {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a browser's page of ours is asking. Programs send no Origin and are let through: the session's token is what counts, and no cookie
 * is. A development machine may call itself by any of its names.
 */
const isOwnOrigin = (origin: string | undefined, publicUrl: string): boolean => {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const [theirs, ours] = [new URL(origin), new URL(publicUrl)];
  const sameHost = theirs.hostname === ours.hostname || (LOOPBACK.has(theirs.hostname) && LOOPBACK.has(ours.hostname));
  return sameHost && theirs.protocol === ours.protocol && theirs.port === ours.port;
};
