/** Telegram: plain text, split where it is too long, with every button under the last part. */
import type { OutgoingMessage } from '../journeys/messages.ts';
import { TELEGRAM } from './limits.ts';
import { placed, type RenderedPart, withMediaAsLinks } from './rendered.ts';
import { splitText } from './split-text.ts';

/** One medium is shown with the text as its caption, where that fits; otherwise media are links, which Telegram previews. */
export const renderTelegram = (message: OutgoingMessage): RenderedPart[] => {
  const { text, media = [] } = message;
  const buttons = placed(message.buttons);
  const form = buttons.length > 0 ? 'buttons' : 'none';
  if (media.length === 1 && text.length <= TELEGRAM.captionMost) return [{ text, buttons, form, media }];
  const parts = splitText(withMediaAsLinks(message).text, TELEGRAM.textMost);
  return parts.map((part, at) =>
    at === parts.length - 1 ? { text: part, buttons, form } : { text: part, buttons: [], form: 'none' },
  );
};
