/** Email: a subject, the text, and the same as HTML; web addresses are links, answers are words to reply with. */
import type { MessageMedia, OutgoingMessage } from '../journeys/messages.ts';
import { escapeHtml } from './escape-html.ts';
import { EMAIL } from './limits.ts';
import { placed, type RenderedPart, titledLink, withLines } from './rendered.ts';
import { beginningOf } from './split-text.ts';

/** Without a subject of its own, or where that has become blank, it gets the first words of the text. */
export const renderEmail = (message: OutgoingMessage): RenderedPart[] => {
  const { text, media = [] } = message;
  const buttons = placed(message.buttons);
  const links = buttons.flatMap((button) => ('url' in button ? [button] : []));
  const words = replyWith(buttons.flatMap((button) => ('url' in button ? [] : [button.label])));
  const lines = [...media, ...links].map(titledLink);
  const form = buttons.length > 0 ? 'links' : 'none';
  const shown = media.length > 0 ? { media } : {};
  const html = [
    ...paragraphs(text),
    ...media.map(mediumAsHtml),
    ...links.map(({ label, url }) => `<p>${link(label, url)}</p>`),
    ...(words === null ? [] : [`<p>${escapeHtml(words)}</p>`]),
  ].join('\n');
  const plain = withLines(withLines(text, lines), words === null ? [] : [words]);
  return [{ text: plain, buttons, form, ...shown, subject: subjectOf(message), html }];
};

const subjectOf = ({ email, text }: OutgoingMessage): string => {
  const given = inOneLine(email?.subject ?? '');
  if (given !== '') return given;
  const line = inOneLine(text);
  if (line.length <= EMAIL.subjectMost) return line;
  return `${beginningOf(line, EMAIL.subjectMost - 1)}…`;
};

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const replyWith = (labels: string[]): string | null => {
  const quoted = labels.map((label) => `“${label}”`);
  const last = quoted.pop();
  if (last === undefined) return null;
  return quoted.length === 0 ? `Reply with ${last}.` : `Reply with ${quoted.join(', ')} or ${last}.`;
};

const paragraphs = (text: string): string[] =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>\n')}</p>`);

const link = (label: string, url: string): string => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;

/** Mail programs play nothing, so all but images are links. */
const mediumAsHtml = ({ kind, title, url }: MessageMedia): string =>
  kind === 'image'
    ? `<p><img src="${escapeHtml(url)}" alt="${escapeHtml(title)}" style="max-width:100%"></p>`
    : `<p>${link(title, url)}</p>`;
