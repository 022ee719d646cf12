/** One message as an element. */
import type { ChatItem } from '../../../shared/contracts/realtime.ts';
import { element, linked } from './dom.ts';
import { figures } from './media.ts';
import type { Unsent } from './storage.ts';
import { whenOf } from './time.ts';

type Button = ChatItem['buttons'][number];

/** A message that the server has. `press` is called with a value button that was pressed. */
export const bubble = (item: ChatItem, press: (button: Button & { value: string }) => void): HTMLElement => {
  const mine = item.from === 'coachee';
  const when = whenOf(item);
  return element(
    'li',
    { className: mine ? 'message mine' : 'message', id: `m-${item.id}`, 'data-day': when.day },
    element('span', { className: 'hidden', textContent: mine ? 'You: ' : 'Program: ' }),
    element('p', { className: 'bubble' }, ...linked(item.text)),
    ...figures(item.media),
    item.buttons.length > 0 ? answers(item.buttons, press) : null,
    element(
      'p',
      { className: 'meta' },
      element('time', { dateTime: item.at, textContent: when.time }),
      mine ? element('span', { textContent: ' · sent' }) : null,
    ),
  );
};

const answers = (buttons: Button[], press: (button: Button & { value: string }) => void): HTMLElement =>
  element(
    'div',
    { className: 'answers', role: 'group', 'aria-label': 'Answers to choose from' },
    ...buttons.map((button) => ('url' in button ? link(button) : choice(button, () => press(button)))),
  );

const link = ({ label, url }: { label: string; url: string }): HTMLElement =>
  element('a', {
    className: 'answer',
    href: url,
    target: '_blank',
    rel: 'noopener noreferrer',
    textContent: `${label} ↗`,
  });

const choice = ({ label, value }: { label: string; value: string }, onclick: () => void): HTMLElement =>
  element('button', { type: 'button', className: 'answer', textContent: label, 'data-value': value, onclick });

/** Marks what was answered: the other buttons go quiet. Links stay. */
export const settleAnswers = (message: Element, value: string): void => {
  for (const button of message.querySelectorAll<HTMLButtonElement>('button.answer')) {
    const chosen = button.dataset.value === value;
    button.disabled = true;
    button.classList.toggle('chosen', chosen);
    if (chosen) button.setAttribute('aria-pressed', 'true');
  }
};

/** A message that is on its way, or did not make it. */
export const unsentBubble = (unsent: Unsent, tryAgain: () => void): HTMLElement =>
  element(
    'li',
    { className: unsent.failed ? 'message mine failed' : 'message mine sending', id: `u-${unsent.clientId}` },
    element('span', { className: 'hidden', textContent: 'You: ' }),
    element('p', { className: 'bubble' }, ...linked(unsent.label)),
    unsent.failed
      ? element('button', {
          ...{ type: 'button', className: 'meta retry', textContent: 'Not sent – tap to try again' },
          onclick: tryAgain,
        })
      : element('p', { className: 'meta', textContent: 'sending…' }),
  );
