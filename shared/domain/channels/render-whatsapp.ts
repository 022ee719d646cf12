/** WhatsApp: reply buttons where they are few and short, a list where there are more, numbered lines beyond; web addresses are text. */
import type { MessageMedia, OutgoingMessage } from '../journeys/messages.ts';
import { WHATSAPP } from './limits.ts';
import {
  type ButtonForm,
  placed,
  type RenderedButton,
  type RenderedPart,
  titledLink,
  withLines,
  withMediaAsLinks,
} from './rendered.ts';
import { beginningOf, splitText } from './split-text.ts';

/** One message costs less than two: a medium goes along with the text where that fits. */
export const renderWhatsApp = (message: OutgoingMessage): RenderedPart[] => {
  const inline = withMedia(message);
  return inline ? [inline] : inParts(withMediaAsLinks(message));
};

/** The message as one medium with a caption or a header over reply buttons; null where it cannot be that. A list has no media, audio no caption. */
const withMedia = (message: OutgoingMessage): RenderedPart | null => {
  const [medium, ...others] = message.media ?? [];
  if (!medium || others.length > 0 || !takesCaption(medium)) return null;
  const { text, form, buttons } = inWords(message);
  const fits = form !== 'list' && text.length <= WHATSAPP.captionMost;
  return fits ? { text, form, buttons, media: [medium] } : null;
};

const takesCaption = ({ kind }: MessageMedia): boolean => kind !== 'audio';

/** Text first, and the buttons with the last part, whose body is shorter. */
const inParts = (message: OutgoingMessage): RenderedPart[] => {
  const { text, form, buttons } = inWords(message);
  const pressed = form === 'buttons' || form === 'list';
  const texts = pressed ? withShortLast(text) : splitText(text, WHATSAPP.textMost);
  return texts.map((part, at) =>
    at === texts.length - 1 ? { text: part, form, buttons } : { text: part, form: 'none', buttons: [] },
  );
};

const withShortLast = (text: string): string[] => {
  const last = splitText(text, WHATSAPP.bodyMost).at(-1) ?? '';
  const before = text.trimEnd().slice(0, -last.length).trimEnd();
  return before === '' || text.length <= WHATSAPP.bodyMost ? [text] : [...splitText(before, WHATSAPP.textMost), last];
};

/** How the buttons are shown, and the text with what is said in words. */
const inWords = ({ text, buttons }: OutgoingMessage): Omit<RenderedPart, 'media'> => {
  const all = placed(buttons);
  const links = all.flatMap((button) => ('url' in button ? [titledLink(button)] : []));
  const choices = all.filter((button) => !('url' in button));
  const form = formOf(choices);
  const linked = withLines(text, links);
  switch (form) {
    case 'none':
      return { text: linked, form: links.length > 0 ? 'links' : 'none', buttons: all };
    case 'numbered':
      return { text: withLines(linked, choices.map(numberedLine)), form, buttons: all };
    default:
      return { text: linked, form, buttons: form === 'list' ? choices.map(asRow) : choices };
  }
};

const formOf = (choices: RenderedButton[]): ButtonForm => {
  if (choices.length === 0) return 'none';
  const labels = choices.map(({ label }) => label);
  // WhatsApp refuses two buttons of one title.
  if (new Set(labels).size < labels.length) return 'numbered';
  const short = labels.every((label) => label.length <= WHATSAPP.buttonTitleMost);
  if (short && labels.length <= WHATSAPP.buttonsMost) return 'buttons';
  const listed = labels.every((label) => rowOf(label).length <= 2 && rowFits(label));
  return listed && labels.length <= WHATSAPP.rowsMost ? 'list' : 'numbered';
};

/** A label as title and, where it is longer, description. */
const rowOf = (label: string): string[] => {
  const title = beginningOf(label, WHATSAPP.rowTitleMost);
  const description = label.trim().slice(title.length).trim();
  return label.length <= WHATSAPP.rowTitleMost || description === '' ? [label] : [title, description];
};

const rowFits = (label: string): boolean => (rowOf(label)[1] ?? '').length <= WHATSAPP.rowDescriptionMost;

const asRow = (button: RenderedButton): RenderedButton => {
  const [label = button.label, description] = rowOf(button.label);
  return { ...button, label, ...(description !== undefined && { description }) };
};

const numberedLine = ({ label }: RenderedButton, at: number): string => `${at + 1}. ${label}`;
