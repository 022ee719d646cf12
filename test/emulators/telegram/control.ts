/** The side door of the emulator, for tests only: makes bots, moves people, orders faults and reads what was said. */
import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import { act, action } from './people.ts';
import { type Bot, chatOf, createBot } from './world.ts';

const order = z.discriminatedUnion('order', [
  z.object({ order: z.literal('bot'), username: z.string() }),
  z.object({ order: z.literal('act'), token: z.string(), action }),
  z.object({
    order: z.literal('failNext'),
    token: z.string(),
    kind: z.enum(['hang', 'reset', '500']),
    afterAccepting: z.boolean(),
    method: z.string().default('sendMessage'),
  }),
  z.object({
    order: z.literal('mischief'),
    token: z.string(),
    twice: z.number().default(0),
    swap: z.boolean().default(false),
  }),
  z.object({ order: z.literal('look'), token: z.string() }),
  z.object({ order: z.literal('meet'), token: z.string(), chats: z.array(z.number()) }),
  z.object({ order: z.literal('arrivals'), token: z.string() }),
  z.object({ order: z.literal('transcript'), token: z.string(), chat: z.number() }),
]);
export type Order = z.input<typeof order>;

const newToken = () => `${randomInt(100_000_000, 999_999_999)}:${randomBytes(26).toString('base64url')}`;

const look = (bot: Bot) => ({
  username: bot.username,
  commands: bot.commands,
  webhook: bot.webhook,
  lastWebhookError: bot.lastWebhookError,
  pending: bot.updates.length,
  sends: bot.sends,
  chats: [...bot.chats.keys()],
  unanswered: [...bot.callbacks.values()].filter((one) => !one.answered).length,
});

/** People who have started the bot already: it may write to them, and has no update left to fetch. */
const meet = (bot: Bot, chats: number[]): null => {
  for (const id of chats) chatOf(bot, id).started = true;
  return null;
};

/** When the bot's messages came to each chat: `[chat, [Unix ms, ...]]`. */
const arrivals = (bot: Bot): [number, number[]][] =>
  [...bot.chats.values()].map(({ id, messages }) => [
    id,
    messages.filter(({ from }) => from === 'bot').map(({ atMs }) => atMs),
  ]);

/** Obeys one order; throws an Error with a sentence where it makes no sense. */
export const obey = (bots: Map<string, Bot>, body: unknown): unknown => {
  const wanted = order.parse(body);
  if (wanted.order === 'bot') {
    const bot = createBot(newToken(), wanted.username);
    bots.set(bot.token, bot);
    return { token: bot.token, username: bot.username };
  }
  const bot = bots.get(wanted.token);
  if (!bot) throw new Error('no such bot');
  switch (wanted.order) {
    case 'act':
      return act(bot, wanted.action);
    case 'failNext':
      return bot.faults.push({ kind: wanted.kind, afterAccepting: wanted.afterAccepting, method: wanted.method });
    case 'mischief':
      bot.twice = wanted.twice;
      bot.swap = wanted.swap;
      return null;
    case 'look':
      return look(bot);
    case 'meet':
      return meet(bot, wanted.chats);
    case 'arrivals':
      return arrivals(bot);
    case 'transcript':
      return bot.chats.get(wanted.chat)?.messages ?? [];
  }
};
