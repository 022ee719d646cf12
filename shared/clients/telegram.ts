/** Telegram: the channel port. Facts in channel-rules and https://core.telegram.org/bots/api. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { renderFor } from '../domain/channels/render.ts';
import { type RenderedPart, withMediaAsLinks } from '../domain/channels/rendered.ts';
import { type ChannelPort, SendRefused, type SendRequest } from './channels.ts';
import type { SendLimits } from './send-limits.ts';
import { type TelegramApi, TelegramCallFailed } from './telegram-api.ts';
import { telegramCall } from './telegram-payloads.ts';

const sentMessage = z.object({ message_id: z.number().int() });

const NEVER_STARTED = /chat not found|user not found|PEER_ID_INVALID|user is deactivated/i;
/** Telegram fetches media itself, and takes neither every server nor every file. */
const NOT_FETCHED = /HTTP URL|web page content|PHOTO_INVALID|IMAGE_PROCESS_FAILED|WEBPAGE_|MEDIA_EMPTY/i;

/** How long the rest of a message waits for its turn, which comes after a second; an activity of 20 s has room for it. */
const PATIENCE_MS = 4_000;

/** What a failed call means to the ledger; the split between `unknown` and the rest decides whether a message may be sent again. */
const asRefusal = (failed: TelegramCallFailed): SendRefused => {
  const { status, message } = failed;
  if (failed.notReached) return new SendRefused('notReached', message);
  if (status === null || status >= 500) return new SendRefused('unknown', message);
  if (status === 429) return new SendRefused('later', message, (failed.retryAfterSeconds ?? 1) * 1000);
  if (status === 403 || NEVER_STARTED.test(message)) return new SendRefused('blocked', message);
  return new SendRefused('invalid', message);
};

/** Sends a part; `messages` is how many messages it takes of the bot's share. */
type SendPart = (part: RenderedPart, messages: number) => Promise<string>;

/** Gives Telegram's id of the message. Throws SendRefused, `later` where it is not this chat's turn. */
const partSender =
  (api: TelegramApi, limits: SendLimits, token: string, request: SendRequest): SendPart =>
  async (part, messages) => {
    const { channelId, address, deliveryId } = request;
    const waitMs = await limits.waitBeforeSend({ channelId, address, deliveryId, messages });
    if (waitMs > 0)
      throw new SendRefused('later', 'It is not this message’s turn: Telegram takes only so many.', waitMs);
    const { method, payload } = telegramCall(part, request);
    try {
      const sent = sentMessage.safeParse(await api.call(token, method, payload));
      if (!sent.success) throw new SendRefused('unknown', 'Telegram answered without a message id.');
      return String(sent.data.message_id);
    } catch (error) {
      if (error instanceof TelegramCallFailed) throw asRefusal(error);
      throw error;
    }
  };

/** Sends the part as soon as it may be, within `patienceMs`. */
const whenItsTurn = async (send: () => Promise<string>, patienceMs: number): Promise<string> => {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const waits = error instanceof SendRefused && error.kind === 'later';
      if (!waits || performance.now() + error.afterMs > until) throw error;
      await sleep(error.afterMs);
    }
  }
};

/** How the first part is sent: `messages` of the bot's share for all parts together, so that no part stands in the bot's line once others are out. */
interface Opening {
  patienceMs: number;
  messages: number;
}

/** Sends the parts in order; gives the id of the last. Once the first is out there is no second try: a failure leaves the message half sent. */
const sendParts = async (send: SendPart, parts: RenderedPart[], opening: Opening): Promise<string> => {
  let id = '';
  for (const [at, part] of parts.entries()) {
    try {
      const { patienceMs, messages } = at === 0 ? opening : { patienceMs: PATIENCE_MS, messages: 0 };
      id = await whenItsTurn(() => send(part, messages), patienceMs);
    } catch (error) {
      if (at === 0 || !(error instanceof SendRefused)) throw error;
      throw new SendRefused('unknown', `Of ${parts.length} parts, only ${at} certainly arrived. ${error.message}`);
    }
  }
  return id;
};

/** The port; `limits` keeps sends under Telegram's rates, so that a 429 is the exception. */
export const createTelegramPort = (api: TelegramApi, limits: SendLimits): ChannelPort => ({
  kind: 'telegram',
  send: async (request) => {
    const { message, secret } = request;
    if (message.text.trim() === '') throw new SendRefused('invalid', 'Telegram takes no empty message.');
    if (!secret.token) throw new SendRefused('invalid', 'The channel has no bot token.');
    const send = partSender(api, limits, secret.token, request);
    const parts = renderFor('telegram', message);
    try {
      return { providerMessageId: await sendParts(send, parts, { patienceMs: 0, messages: parts.length }) };
    } catch (error) {
      const showsMedia = parts.some(({ media }) => media !== undefined);
      const retells = showsMedia && error instanceof SendRefused && error.kind === 'invalid';
      if (!retells || !NOT_FETCHED.test(error.message)) throw error;
      const asLinks = renderFor('telegram', withMediaAsLinks(message));
      return { providerMessageId: await sendParts(send, asLinks, { patienceMs: PATIENCE_MS, messages: 0 }) };
    }
  },
});
