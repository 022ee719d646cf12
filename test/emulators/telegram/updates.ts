/** How a bot gets its updates: by asking (long polling) or by webhook, never both. */
import { z } from 'zod';
import { parameters } from './messages.ts';
import { badRequest, conflict } from './refusals.ts';
import { type Bot, confirmBefore, pendingUpdates, type Update } from './world.ts';

const isLoopback = (url: URL): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);

const webhookBody = z.object({
  url: z.string(),
  secret_token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,256}$/)
    .optional(),
  max_connections: z.number().int().min(1).max(100).optional(),
  allowed_updates: z.array(z.string()).optional(),
});

/** Telegram wants HTTPS; the emulator takes plain HTTP on loopback, since that is where tests listen. */
export const setWebhook = (bot: Bot, body: unknown): true => {
  const { url, secret_token } = parameters(webhookBody, body);
  if (url === '') bot.webhook = null;
  else {
    if (!URL.canParse(url)) throw badRequest('bad webhook: invalid URL');
    const parsed = new URL(url);
    if (parsed.protocol !== 'https:' && !isLoopback(parsed)) {
      throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
    }
    bot.webhook = { url, secretToken: secret_token };
  }
  return true;
};

export const deleteWebhook = (bot: Bot): true => {
  bot.webhook = null;
  return true;
};

export const getWebhookInfo = (bot: Bot) => ({
  url: bot.webhook?.url ?? '',
  has_custom_certificate: false,
  pending_update_count: pendingUpdates(bot, Date.now()).length,
  ...(bot.lastWebhookError !== null && { last_error_message: bot.lastWebhookError }),
});

const pollBody = z.object({
  offset: z.number().int().default(0),
  limit: z.number().int().min(1).max(100).default(100),
  timeout: z.number().int().min(0).max(50).default(0),
  allowed_updates: z.array(z.string()).optional(),
});

/** Waits until an update is added, another poll takes over, the webhook is set or the time is up. */
const waitForUpdate = async (bot: Bot, timeoutMs: number): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const poll = { wake: resolve, conflict: false };
  bot.poll = poll;
  const timer = setTimeout(resolve, timeoutMs);
  await promise;
  clearTimeout(timer);
  if (poll.conflict) {
    throw conflict('terminated by other getUpdates request; make sure that only one bot instance is running');
  }
  bot.poll = null;
};

export const getUpdates = async (bot: Bot, body: unknown): Promise<Update[]> => {
  const { offset, limit, timeout } = parameters(pollBody, body);
  if (bot.webhook) {
    throw conflict(
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  if (bot.poll) {
    bot.poll.conflict = true;
    bot.poll.wake();
    bot.poll = null;
  }
  if (offset < 0) confirmBefore(bot, pendingUpdates(bot, Date.now()).at(offset)?.update_id ?? 0);
  else confirmBefore(bot, offset);
  if (bot.updates.length === 0 && timeout > 0) await waitForUpdate(bot, timeout * 1000);
  return pendingUpdates(bot, Date.now()).slice(0, limit);
};
