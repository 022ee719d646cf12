/** One WebSocket of a web chat, from its first frame to its end. */
import type { RawData, WebSocket } from 'ws';
import { CLOSE, type ClientFrame, clientFrame, type ServerFrame } from '../../shared/contracts/realtime.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { CairnError } from '../../shared/errors.ts';
import { history } from '../../shared/services/conversations.ts';
import { describeChat, linkToTelegram, openWebSession, type WebSession } from '../../shared/services/web-chat.ts';
import { createAllowance } from './allowance.ts';
import type { RealtimeDeps } from './attach.ts';
import { createFeed, type Feed } from './feed.ts';
import type { Hints } from './hints.ts';
import { say } from './say.ts';

const HELLO_WITHIN_MS = 10_000;
/** Hints may be lost; this is how long a message can then be late. */
const SLOW_POLL_MS = 30_000;
const HISTORY_PAGE = 40;
/** A reader that falls so far behind is sent away; it comes back and asks from where it was. */
const BUFFERED_MOST_BYTES = 1024 * 1024;
const COST: Record<ClientFrame['type'], number> = { hello: 1, say: 1, history: 1, telegramLink: 5 };

interface Open {
  session: WebSession;
  feed: Feed;
  end: () => void;
}

/** Serves the socket until it closes. */
export const serveConnection = (socket: WebSocket, deps: RealtimeDeps, hints: Hints): void => {
  const allowance = createAllowance(30, 3);
  let open: Open | null = null;
  let turn: Promise<void> = Promise.resolve();
  const tooSlow = setTimeout(() => socket.close(CLOSE.tooSlow, 'say hello first'), HELLO_WITHIN_MS);

  const send = (frame: ServerFrame): void => {
    if (socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify(frame));
    if (socket.bufferedAmount > BUFFERED_MOST_BYTES) socket.terminate();
  };
  const refuse = (error: unknown, clientId: string | null): void => {
    if (error instanceof CairnError) {
      send({ type: 'problem', code: 'refused', message: error.message, clientId, retry: error.type === 'unavailable' });
      return;
    }
    deps.logger.warn({ err: error }, 'a web chat frame failed');
    send({ type: 'problem', code: 'unavailable', message: 'That did not work just now.', clientId, retry: true });
  };

  const hello = async (frame: Extract<ClientFrame, { type: 'hello' }>): Promise<void> => {
    clearTimeout(tooSlow);
    const session = await openWebSession(deps.orm, frame.token);
    if (!session) {
      send({
        type: 'problem',
        code: 'unauthenticated',
        message: 'This chat is not known here.',
        clientId: null,
        retry: false,
      });
      socket.close(CLOSE.unauthenticated, 'unknown session');
      return;
    }
    const em = forCreator(deps.orm, session.creatorId);
    send({ type: 'welcome', ...(await describeChat(em, session)) });
    open = await begin(deps, hints, session, frame.after, send);
    if (socket.readyState !== socket.OPEN) open.end();
  };

  const answer = async (frame: ClientFrame): Promise<void> => {
    if (!open) return frame.type === 'hello' ? hello(frame) : socket.close(CLOSE.unauthenticated, 'say hello first');
    const { session } = open;
    switch (frame.type) {
      case 'hello':
        return;
      case 'say':
        send({ type: 'ack', clientId: frame.clientId, seq: await say(deps, session, frame) });
        // Without waiting for the hint to come round through Redis.
        open.feed.poke();
        return;
      case 'history':
        await sendHistory(deps, session, frame.before, send);
        return;
      case 'telegramLink':
        return send({ type: 'link', url: await linkToTelegram(forCreator(deps.orm, session.creatorId), session) });
    }
  };

  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? null : parseFrame(data);
    const clientId = frame?.type === 'say' ? frame.clientId : null;
    if (!frame) {
      send({ type: 'problem', code: 'badFrame', message: 'This could not be understood.', clientId, retry: false });
      if (!allowance.take(10)) socket.close(CLOSE.tooFast, 'too many bad frames');
    } else if (allowance.take(COST[frame.type])) {
      // One after the other: what was said first is stored first.
      turn = turn.then(() => answer(frame)).catch((error: unknown) => refuse(error, clientId));
    } else {
      send({ type: 'problem', code: 'tooFast', message: 'That was a little fast.', clientId, retry: true });
    }
  });
  socket.on('close', () => {
    clearTimeout(tooSlow);
    open?.end();
  });
};

/** Null for anything that is no frame of ours. */
const parseFrame = (data: RawData): ClientFrame | null => {
  try {
    return clientFrame.parse(JSON.parse(data.toString()));
  } catch {
    return null;
  }
};

/** Sends what the page has not seen, and everything that comes from now on. */
const begin = async (
  deps: RealtimeDeps,
  hints: Hints,
  session: WebSession,
  after: number | null,
  send: (frame: ServerFrame) => void,
): Promise<Open> => {
  const { creatorId, coacheeId } = session;
  const seen = after ?? (await sendHistory(deps, session, null, send));
  const feed = createFeed(
    seen,
    (from, limit) => history(forCreator(deps.orm, creatorId), coacheeId, { after: from, limit }),
    (items, more) => send({ type: 'messages', items, more }),
    (err) => deps.logger.warn({ err }, 'a web chat could not be read; the next hint or poll tries again'),
  );
  const unsubscribe = hints.subscribe(coacheeId, feed.poke);
  const polling = setInterval(feed.poke, SLOW_POLL_MS * (0.75 + Math.random() / 2));
  feed.poke();
  const end = () => {
    unsubscribe();
    clearInterval(polling);
  };
  return { session, feed, end };
};

/** Sends the page of messages before `before` (null: the newest); gives the number of the last one, 0 when there is none. */
const sendHistory = async (
  deps: RealtimeDeps,
  { creatorId, coacheeId }: WebSession,
  before: number | null,
  send: (frame: ServerFrame) => void,
): Promise<number> => {
  const items = await history(forCreator(deps.orm, creatorId), coacheeId, { before, limit: HISTORY_PAGE });
  send({ type: 'history', items, older: (items[0]?.seq ?? 1) > 1 });
  return items.at(-1)?.seq ?? 0;
};
