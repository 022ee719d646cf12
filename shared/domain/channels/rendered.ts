/** What a channel will show of a message. */
import type { MessageButton, MessageMedia, OutgoingMessage } from '../journeys/messages.ts';

/**
 * How the buttons of a part are shown: `buttons` to press, a `list` to open, `numbered` lines of the text, `links` (words and web addresses in the text),
 * or `none`.
 */
export const BUTTON_FORMS = ['buttons', 'list', 'numbered', 'links', 'none'] as const;
export type ButtonForm = (typeof BUTTON_FORMS)[number];

/** A button as it is shown: with its place among the message's buttons, and the rest of a label that is too long for a list's title. */
export type RenderedButton = MessageButton & { index: number; description?: string };

export interface RenderedPart {
  /** Empty never, unless the message's own text is. */
  text: string;
  /** Those that this part carries, also where the text alone shows them. */
  buttons: RenderedButton[];
  form: ButtonForm;
  /** Shown with the part; what a channel cannot show stands in the text, as a titled link. */
  media?: MessageMedia[];
  /** Of an email. */
  subject?: string;
  /** Of an email: the same as the text. */
  html?: string;
}

/** The message's buttons with their places. */
export const placed = (buttons: MessageButton[]): RenderedButton[] =>
  buttons.map((button, index) => ({ ...button, index }));

/** The same message with its media as titled links in the text, for channels and moments that cannot show them. */
export const withMediaAsLinks = ({ media = [], ...message }: OutgoingMessage): OutgoingMessage => ({
  ...message,
  text: withLines(message.text, media.map(titledLink)),
});

/** `What it is: https://…`, as a line of text. */
export const titledLink = (of: { title: string; url: string } | { label: string; url: string }): string =>
  `${'title' in of ? of.title : of.label}: ${of.url}`;

/** The text with a paragraph of lines after it. */
export const withLines = (text: string, lines: string[]): string =>
  lines.length === 0 ? text : [text, lines.join('\n')].filter(Boolean).join('\n\n');
