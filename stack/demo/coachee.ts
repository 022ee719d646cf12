/** A coachee on the web chat: the same WebSocket as the page's. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { type ChatItem, type ClientFrame, type SayContent, serverFrame } from '../../shared/contracts/realtime.ts';
import { call } from './creator.ts';

export interface WebCoachee {
  /** Everything in the conversation so far, in order. */
  heard: ChatItem[];
  /** Resolves with the next message of the program that `heard` did not hold when it was last asked; null after `withinMs`. */
  next: (withinMs: number) => Promise<ChatItem | null>;
  say: (content: SayContent) => void;
  close: () => void;
}

/** Opens a join link as somebody new. */
export const joinAsCoachee = async (
  apiUrl: string,
  { code, name, timeZone }: { code: string; name: string; timeZone: string },
): Promise<WebCoachee> => {
  const token = randomBytes(32).toString('base64url');
  await call(apiUrl, '/v1/webchat/join', null, { code, name, timeZone, token });
  const socket = new WebSocket(`${apiUrl.replace('http', 'ws')}/v1/realtime`, { origin: apiUrl });
  await once(socket, 'open');
  const tell = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
  const heard: ChatItem[] = [];
  const fresh: ChatItem[] = [];
  let wake = () => {};
  socket.on('message', (data) => {
    const frame = serverFrame.parse(JSON.parse(data.toString()));
    if (frame.type === 'problem') throw new Error(`The chat says ${frame.code}: ${frame.message}`);
    if (frame.type !== 'messages') return;
    heard.push(...frame.items);
    fresh.push(...frame.items.filter(({ from }) => from === 'program'));
    if (fresh.length > 0) wake();
  });
  tell({ type: 'hello', token, after: 0 });
  return {
    heard,
    next: async (withinMs) => {
      if (fresh.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return fresh.shift() ?? null;
    },
    say: (content) => tell({ type: 'say', clientId: randomUUID(), content }),
    close: () => socket.close(),
  };
};
