/** The realtime server as it runs in the API, a coachee with a session on it, and a chat page's side of the wire. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import { attachRealtime } from '../../api/realtime/attach.ts';
import type { Config } from '../../shared/config.ts';
import { type MessageId, newId } from '../../shared/contracts/ids.ts';
import type { ClientFrame, ServerFrame } from '../../shared/contracts/realtime.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import type { MessageButton } from '../../shared/domain/journeys/messages.ts';
import { createLogger } from '../../shared/logger.ts';
import { announce, assignSeq } from '../../shared/services/conversations.ts';
import { addressOfSession, newSessionToken } from '../../shared/services/web-chat.ts';
import { type GivenCoachee, type GivenCreator, givenCoachee, givenCreator } from './factories.ts';

export const startRealtime = async (config: Config) => {
  const orm = createOrm({ databaseUrl: config.DATABASE_URL });
  const redis = new Redis(config.REDIS_URL);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const handed: string[] = [];
  const realtime = attachRealtime(server, {
    config: { ...config, publicUrl: `http://127.0.0.1:${port}` },
    orm,
    redis,
    logger: createLogger({ level: 'silent', name: 'test' }),
    handInbound: async ({ inboundId }) => void handed.push(inboundId),
  });
  return {
    orm,
    redis,
    handed,
    realtime,
    url: `ws://127.0.0.1:${port}/v1/realtime`,
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      await realtime.close();
      await new Promise((resolve) => server.close(resolve));
      redis.disconnect();
      await orm.close(true);
    },
  };
};
export type RealtimeServer = Awaited<ReturnType<typeof startRealtime>>;

export interface Chatting extends GivenCreator, GivenCoachee {
  token: string;
  /** Sends a program's message, as the ledger does. */
  programSays: (text: string, more?: { buttons?: MessageButton[]; silently?: boolean }) => Promise<MessageId>;
}

/** A coachee with a web session. */
export const givenChatting = async (
  { orm, redis }: { orm: Orm; redis: Redis },
  owner?: GivenCreator,
): Promise<Chatting> => {
  const creator = owner ?? (await givenCreator(orm));
  const token = newSessionToken();
  const coachee = await givenCoachee(creator, creator.webChannelId, { address: addressOfSession(token) });
  return {
    ...creator,
    ...coachee,
    token,
    programSays: async (text, { buttons = [], silently = false } = {}) => {
      const id = newId<MessageId>();
      await creator.em().transactional(async (tx) => {
        const { creatorId } = creator;
        tx.create(Message, { id, creatorId, coacheeId: coachee.coacheeId, direction: 'out', text, buttons });
        await tx.flush();
        await assignSeq(tx, id);
      });
      if (!silently) await announce(redis, coachee.coacheeId);
      return id;
    },
  };
};

type FrameOf<Type extends ServerFrame['type']> = Extract<ServerFrame, { type: Type }>;

/** One tab's socket. */
export const openTab = async (server: RealtimeServer, headers: Record<string, string> = {}) => {
  const socket = new WebSocket(server.url, { headers: { origin: server.origin, ...headers } });
  const frames: ServerFrame[] = [];
  let wake = () => {};
  socket.on('message', (data) => {
    frames.push(JSON.parse(data.toString()) as ServerFrame);
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
  /** Takes the first frame of the type that has come or is to come. */
  const next = async <Type extends ServerFrame['type']>(type: Type): Promise<FrameOf<Type>> => {
    const deadline = Date.now() + 5_000;
    for (;;) {
      const at = frames.findIndex((frame) => frame.type === type);
      if (at >= 0) return frames.splice(at, 1)[0] as FrameOf<Type>;
      if (Date.now() > deadline) throw new Error(`no ${type}; there is ${JSON.stringify(frames)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, 100);
      });
    }
  };
  return {
    socket,
    send,
    sendRaw: (data: string | Buffer) => socket.send(data),
    next,
    frames,
    closed,
    /** Says hello and takes the welcome. */
    hello: async (token: string, after: number | null = null) => {
      send({ type: 'hello', token, after });
      return next('welcome');
    },
    say: (text: string, clientId: string = crypto.randomUUID()) => {
      send({ type: 'say', clientId, content: { kind: 'text', text } });
      return clientId;
    },
    /** Texts of the new messages, until there are as many as wanted. */
    texts: async (count: number) => {
      const texts: string[] = [];
      while (texts.length < count) texts.push(...(await next('messages')).items.map((item) => item.text));
      return texts;
    },
    close: () => socket.close(),
  };
};
