/** The Bot API's methods by name, with faults on demand and a record of every send. */
import { z } from 'zod';
import { answerCallbackQuery, editMessageReplyMarkup, parameters, sendMedia, sendMessage } from './messages.ts';
import type { Rates } from './rates.ts';
import { Refused } from './refusals.ts';
import { deleteWebhook, getUpdates, getWebhookInfo, setWebhook } from './updates.ts';
import type { Bot, Fault, SendRecord } from './world.ts';

const commandsBody = z.object({
  commands: z
    .array(z.object({ command: z.string().regex(/^[a-z0-9_]{1,32}$/), description: z.string().min(1).max(256) }))
    .max(100),
});

const setMyCommands = (bot: Bot, body: unknown): true => {
  bot.commands = parameters(commandsBody, body).commands;
  return true;
};

type Method = (bot: Bot, body: unknown, rates: Rates) => unknown;

const METHODS: Record<string, Method> = {
  getMe: (bot) => ({ id: bot.id, is_bot: true, first_name: bot.username, username: bot.username }),
  setWebhook,
  deleteWebhook,
  getWebhookInfo,
  getUpdates,
  setMyCommands,
  sendMessage,
  sendPhoto: sendMedia('photo'),
  sendVideo: sendMedia('video'),
  sendAudio: sendMedia('audio'),
  sendDocument: sendMedia('document'),
  answerCallbackQuery,
  editMessageReplyMarkup,
};

/** An answer to give, or a silence or hang-up to keep. */
export type Answer = { status: number; body: unknown } | 'hang' | 'reset';

const run = async (
  method: Method,
  bot: Bot,
  body: unknown,
  rates: Rates,
): Promise<{ status: number; body: unknown }> => {
  try {
    return { status: 200, body: { ok: true, result: await method(bot, body, rates) } };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, message, parameters } = error;
    return { status, body: { ok: false, error_code: status, description: message, ...(parameters && { parameters }) } };
  }
};

const takeFault = (bot: Bot, method: string): Fault | undefined => {
  const at = bot.faults.findIndex((fault) => fault.method === method);
  return at < 0 ? undefined : bot.faults.splice(at, 1)[0];
};

const SERVER_FAULT = { status: 500, body: { ok: false, error_code: 500, description: 'Internal Server Error' } };

/** Answers one call of `name` on `bot`. */
export const answerCall = async (bot: Bot, name: string, body: unknown, rates: Rates): Promise<Answer> => {
  const method = METHODS[name];
  if (!method) return { status: 404, body: { ok: false, error_code: 404, description: 'Not Found' } };
  const atMs = Date.now();
  const fault = takeFault(bot, name);
  const done = fault && !fault.afterAccepting ? null : await run(method, bot, body, rates);
  const answer = !fault && done ? done : fault?.kind === '500' ? SERVER_FAULT : (fault?.kind ?? 'reset');
  if (name.startsWith('send')) {
    const record: SendRecord = {
      atMs,
      body: body as Record<string, unknown>,
      status: typeof answer === 'string' ? 0 : answer.status,
      accepted: done?.status === 200,
    };
    bot.sends.push(record);
  }
  return answer;
};
