/** Telegram: the channel port, and what else Cairn asks of a bot. Facts in channel-rules and https://core.telegram.org/bots/api. */
import { z } from 'zod';
import { callbackData } from '../contracts/telegram.ts';
import type { MessageButton } from '../domain/journeys/messages.ts';
import { type ChannelPort, SendRefused, type SendRequest } from './channels.ts';
import type { SendLimits } from './send-limits.ts';
import { type TelegramApi, TelegramCallFailed } from './telegram-api.ts';

/** Telegram's limit of a text message, after parsing; ours are sent unparsed. */
export const TELEGRAM_TEXT_MOST = 4096;

const sentMessage = z.object({ message_id: z.number().int() });

const inlineKeyboard = (messageId: string, buttons: MessageButton[]) => ({
  inline_keyboard: buttons.map((button, index) => [
    'url' in button
      ? { text: button.label, url: button.url }
      : { text: button.label, callback_data: callbackData(messageId, index) },
  ]),
});

/** `sendMessage`'s parameters: plain text (no parse_mode: what people wrote is data, never markup), one button a row. */
const sendMessagePayload = (request: SendRequest) => ({
  chat_id: request.address,
  text: request.text,
  ...(request.buttons.length > 0 && { reply_markup: inlineKeyboard(request.messageId, request.buttons) }),
});

const NEVER_STARTED = /chat not found|user not found|PEER_ID_INVALID|user is deactivated/i;

/** What a failed call means to the ledger; the split between `unknown` and the rest decides whether a message may be sent again. */
const asRefusal = (failed: TelegramCallFailed): SendRefused => {
  const { status, message } = failed;
  if (failed.notReached) return new SendRefused('notReached', message);
  if (status === null || status >= 500) return new SendRefused('unknown', message);
  if (status === 429) return new SendRefused('later', message, (failed.retryAfterSeconds ?? 1) * 1000);
  if (status === 403 || NEVER_STARTED.test(message)) return new SendRefused('blocked', message);
  return new SendRefused('invalid', message);
};

/** The port; `limits` keeps sends under Telegram's rates, so that a 429 is the exception. */
export const createTelegramPort = (api: TelegramApi, limits: SendLimits): ChannelPort => ({
  kind: 'telegram',
  send: async (request) => {
    const { text, channelId, address, secret } = request;
    if (text.trim() === '') throw new SendRefused('invalid', 'Telegram takes no empty message.');
    if (text.length > TELEGRAM_TEXT_MOST) {
      throw new SendRefused('invalid', `The text has ${text.length} characters; Telegram takes ${TELEGRAM_TEXT_MOST}.`);
    }
    if (!secret.token) throw new SendRefused('invalid', 'The channel has no bot token.');
    const waitMs = await limits.waitBeforeSend(channelId, address);
    if (waitMs > 0) throw new SendRefused('later', 'Telegram takes about one message a second for a chat.', waitMs);
    try {
      const sent = sentMessage.safeParse(await api.call(secret.token, 'sendMessage', sendMessagePayload(request)));
      if (!sent.success) throw new SendRefused('unknown', 'Telegram answered without a message id.');
      return { providerMessageId: String(sent.data.message_id) };
    } catch (error) {
      if (error instanceof TelegramCallFailed) throw asRefusal(error);
      throw error;
    }
  },
});
