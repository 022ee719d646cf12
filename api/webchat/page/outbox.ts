/** What was said and has not arrived yet: kept in the browser, sent in order, and sent again until the server has it. */
import type { ClientFrame } from '../../../shared/contracts/realtime.ts';
import { readOutbox, type Unsent, watchOutbox, writeOutbox } from './storage.ts';

export interface Outbox {
  items(): Unsent[];
  say(content: Unsent['content'], label: string): void;
  /** Sends everything that waits; after a new connection. */
  flush(): void;
  /** The server has it. */
  arrived(clientId: string): void;
  /** It did not go through: tried again soon, or dropped where the server will never take it. */
  refused(clientId: string, retry: boolean): void;
  /** The person taps `not sent`. */
  tryAgain(clientId: string): void;
}

/** No answer for this long is told as `not sent`; it goes out by itself all the same with the next connection. */
const PATIENCE_MS = 15_000;
const AGAIN_AFTER_MS = 2_000;

/** A random UUID (version 4); `crypto.randomUUID` is missing where the page came over plain HTTP. */
const newUuid = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

/** `send` gives false when there is no line; `changed` is called whenever the items may look different. */
export const createOutbox = (place: string, send: (frame: ClientFrame) => boolean, changed: () => void): Outbox => {
  const update = (change: (items: Unsent[]) => Unsent[]): void => {
    writeOutbox(place, change(readOutbox(place)));
    changed();
  };
  const mark = (clientId: string, failed: boolean): void =>
    update((items) => items.map((one) => (one.clientId === clientId ? { ...one, failed } : one)));

  const sendOne = ({ clientId, content }: Unsent): void => {
    send({ type: 'say', clientId, content } as ClientFrame);
    setTimeout(() => {
      const waiting = readOutbox(place).find((one) => one.clientId === clientId);
      if (waiting && !waiting.failed) mark(clientId, true);
    }, PATIENCE_MS);
  };

  watchOutbox(place, changed);
  return {
    items: () => readOutbox(place),
    say: (content, label) => {
      const unsent: Unsent = { clientId: newUuid(), content, label, atMs: Date.now(), failed: false };
      update((items) => [...items, unsent]);
      sendOne(unsent);
    },
    flush: () => {
      update((items) => items.map((one) => ({ ...one, failed: false })));
      for (const unsent of readOutbox(place)) sendOne(unsent);
    },
    arrived: (clientId) => {
      if (readOutbox(place).some((one) => one.clientId === clientId)) {
        update((items) => items.filter((one) => one.clientId !== clientId));
      }
    },
    refused: (clientId, retry) => {
      if (!retry) return update((items) => items.filter((one) => one.clientId !== clientId));
      const waiting = readOutbox(place).find((one) => one.clientId === clientId);
      if (waiting) setTimeout(() => sendOne(waiting), AGAIN_AFTER_MS);
    },
    tryAgain: (clientId) => {
      mark(clientId, false);
      const unsent = readOutbox(place).find((one) => one.clientId === clientId);
      if (unsent) sendOne(unsent);
    },
  };
};
