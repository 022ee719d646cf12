/** What is shown or played with a message. */
import type { ChatItem } from '../../../shared/contracts/realtime.ts';
import { element } from './dom.ts';

type Medium = ChatItem['media'][number];

/** The media of a message as figures, each with its title in words. */
export const figures = (media: Medium[]): HTMLElement[] => media.map(figure);

const figure = (medium: Medium): HTMLElement => {
  if (medium.kind === 'document') return documentLink(medium);
  const shown = medium.kind === 'image' ? image(medium) : player(medium.kind, medium);
  // An image's title is its alternative text: said twice, it would be read twice.
  const caption = medium.kind === 'image' ? null : element('figcaption', { textContent: medium.title });
  return element('figure', { className: `medium ${medium.kind}` }, shown, caption);
};

const image = ({ url, title }: Medium): HTMLElement =>
  element('img', { src: url, alt: title, decoding: 'async', referrerPolicy: 'no-referrer' });

/** Nothing plays, or is fetched beyond its length, before somebody wants it. */
const player = (tag: 'audio' | 'video', { url, title }: Medium): HTMLElement =>
  element(tag, { src: url, controls: true, preload: 'metadata', 'aria-label': title });

const documentLink = ({ url, title }: Medium): HTMLElement =>
  element(
    'p',
    { className: 'medium document' },
    element('a', { href: url, target: '_blank', rel: 'noopener noreferrer', textContent: `${title} ↗` }),
  );
