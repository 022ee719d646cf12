/** A rendered part as a call of the Bot API. Plain text throughout (no parse_mode): what people wrote is data, never markup. */
import { callbackData } from '../contracts/telegram.ts';
import type { RenderedButton, RenderedPart } from '../domain/channels/rendered.ts';
import type { MessageMedia } from '../domain/journeys/messages.ts';

/** https://core.telegram.org/bots/api#sendphoto and its siblings: the method, and the parameter that takes the URL. */
const MEDIA_METHODS: Record<MessageMedia['kind'], [method: string, parameter: string]> = {
  image: ['sendPhoto', 'photo'],
  video: ['sendVideo', 'video'],
  audio: ['sendAudio', 'audio'],
  document: ['sendDocument', 'document'],
};

/** The method and its parameters, for the part of the message `messageId` to the chat. */
export const telegramCall = (
  { text, buttons, media: [medium] = [] }: RenderedPart,
  { address, messageId }: { address: string; messageId: string },
): { method: string; payload: object } => {
  const common = {
    chat_id: address,
    ...(buttons.length > 0 && { reply_markup: inlineKeyboard(messageId, buttons) }),
  };
  if (!medium) return { method: 'sendMessage', payload: { ...common, text } };
  const [method, parameter] = MEDIA_METHODS[medium.kind];
  const title = medium.kind === 'audio' ? { title: medium.title } : {};
  return { method, payload: { ...common, ...title, [parameter]: medium.url, caption: text } };
};

/** One button a row. */
const inlineKeyboard = (messageId: string, buttons: RenderedButton[]) => ({
  inline_keyboard: buttons.map((button) => [
    'url' in button
      ? { text: button.label, url: button.url }
      : { text: button.label, callback_data: callbackData(messageId, button.index) },
  ]),
});
