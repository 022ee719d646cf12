/** The WebSocket to the server: comes back by itself, after pauses that grow and differ from browser to browser. */
import type { ClientFrame, ServerFrame } from '../../../shared/contracts/realtime.ts';

export type Line =
  | { state: 'connecting' }
  | { state: 'open' }
  /** Nothing was reached; the next try is `afterMs` away. */
  | { state: 'waiting'; afterMs: number }
  /** The server does not know this session. */
  | { state: 'unknown' };

export interface Connection {
  /** False when there is no open line: nothing was sent. */
  send(frame: ClientFrame): boolean;
  /** Tries at once instead of when the pause is over. */
  hurry(): void;
}

interface Wishes {
  token: string;
  /** The last message number that the page has, or null. */
  seen: () => number | null;
  onFrame: (frame: ServerFrame) => void;
  onLine: (line: Line) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A phone that changes networks leaves sockets that look open and are dead; this long without a welcome is a failure. */
const WELCOME_WITHIN_MS = 12_000;
const UNKNOWN_SESSION = 4401;
const RESTART = 1012;

export const connect = ({ token, seen, onFrame, onLine }: Wishes): Connection => {
  let socket: WebSocket | null = null;
  let open = false;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const dial = (): void => {
    clearTimeout(retry);
    onLine({ state: 'connecting' });
    const dialed = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/realtime`);
    socket = dialed;
    const late = setTimeout(() => dialed.close(), WELCOME_WITHIN_MS);
    dialed.onopen = () => dialed.send(JSON.stringify({ type: 'hello', token, after: seen() } satisfies ClientFrame));
    dialed.onmessage = ({ data }) => {
      if (dialed !== socket) return;
      const frame = JSON.parse(data) as ServerFrame;
      if (frame.type === 'welcome') {
        clearTimeout(late);
        open = true;
        failures = 0;
      }
      onFrame(frame);
      if (frame.type === 'welcome') onLine({ state: 'open' });
    };
    dialed.onclose = ({ code }) => {
      clearTimeout(late);
      if (dialed !== socket) return;
      open = false;
      socket = null;
      if (code === UNKNOWN_SESSION) return onLine({ state: 'unknown' });
      pause(code === RESTART);
    };
  };

  /** Exponential backoff with full jitter, so that a restarted server is not met by everyone at once. */
  const pause = (restarts: boolean): void => {
    failures += 1;
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    const afterMs = (restarts ? FIRST_PAUSE_MS : FIRST_PAUSE_MS / 2) + Math.random() * most;
    onLine({ state: 'waiting', afterMs });
    retry = setTimeout(dial, afterMs);
  };

  const hurry = (): void => {
    if (socket) return;
    failures = 0;
    dial();
  };

  addEventListener('online', hurry);
  addEventListener('offline', () => socket?.close());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry();
  });
  dial();

  return {
    send: (frame) => {
      if (!open || socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    hurry,
  };
};
