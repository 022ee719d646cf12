/** Delivers updates to a bot's webhook: in order, again and again until it answers 2xx. */
import { type Bot, confirmBefore, pendingUpdates, type Update } from './world.ts';

const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 2_000;

const post = async (bot: Bot, update: Update): Promise<boolean> => {
  if (!bot.webhook) return false;
  try {
    const response = await fetch(bot.webhook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bot.webhook.secretToken !== undefined && { 'x-telegram-bot-api-secret-token': bot.webhook.secretToken }),
      },
      body: JSON.stringify(update),
      signal: AbortSignal.timeout(10_000),
    });
    await response.arrayBuffer();
    bot.lastWebhookError = response.ok ? null : `Wrong response from the webhook: ${response.status}`;
    return response.ok;
  } catch (error) {
    bot.lastWebhookError = String(error);
    return false;
  }
};

/** What goes out next: usually the oldest update, by request the oldest two in the wrong order or one of them twice. */
const nextBatch = (bot: Bot): Update[] | null => {
  const [first, second] = pendingUpdates(bot, Date.now());
  if (!first) return null;
  if (bot.swap) {
    if (!second) return null;
    bot.swap = false;
    return [second, first];
  }
  if (bot.twice > 0) {
    bot.twice -= 1;
    return [first, first];
  }
  return [first];
};

/** Runs until `stopped` says so. */
export const deliverToWebhooks = async (bots: Map<string, Bot>, stopped: AbortSignal): Promise<void> => {
  const waiting = new Map<string, { notBeforeMs: number; delayMs: number }>();
  const deliver = async (bot: Bot): Promise<void> => {
    const wait = waiting.get(bot.token);
    if (wait && wait.notBeforeMs > Date.now()) return;
    const batch = nextBatch(bot);
    if (!batch) return;
    for (const update of batch) {
      if (await post(bot, update)) continue;
      const delayMs = Math.min(RETRY_MOST_MS, (wait?.delayMs ?? RETRY_FIRST_MS / 2) * 2);
      waiting.set(bot.token, { delayMs, notBeforeMs: Date.now() + delayMs });
      return;
    }
    waiting.delete(bot.token);
    confirmBefore(bot, Math.max(...batch.map((update) => update.update_id)) + 1);
  };
  while (!stopped.aborted) {
    // Of a thousand bots hardly any has one.
    const withWebhook = [...bots.values()].filter(({ webhook }) => webhook !== null);
    await Promise.all(withWebhook.map(deliver));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
