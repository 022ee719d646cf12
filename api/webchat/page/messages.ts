/** The list of messages: in order, separated by days, followed by what has not arrived yet. */
import type { ChatItem } from '../../../shared/contracts/realtime.ts';
import { bubble, settleAnswers, unsentBubble } from './bubbles.ts';
import { element } from './dom.ts';
import type { Unsent } from './storage.ts';
import { nameOfDay } from './time.ts';

export interface Messages {
  /** New ones, below; those that are there already are left out. */
  append(items: ChatItem[]): void;
  /** Older ones, above; the view stays where it is. */
  prepend(items: ChatItem[], older: boolean): void;
  showUnsent(unsent: Unsent[]): void;
  /** The highest number shown, or null. */
  lastSeq(): number | null;
}

interface Wishes {
  onPress: (item: ChatItem, button: { label: string; value: string }) => void;
  onRetry: (clientId: string) => void;
  /** The top came into view, and there are messages before number `before`. */
  onWantOlder: (before: number) => void;
}

const NEAR_PX = 120;

/** Manages the list inside of `scroller`. */
export const createMessages = (scroller: HTMLElement, list: HTMLElement, wishes: Wishes): Messages => {
  const shown = new Map<number, ChatItem>();
  const arrived = new Set<string>();
  let first: number | null = null;
  let last: number | null = null;
  let olderThere = false;
  let asked = false;
  let following = true;

  const isAtEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_PX;
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
  };
  const unsentNodes = () => list.querySelector('[id^="u-"]');

  const make = (item: ChatItem): HTMLElement => {
    shown.set(item.seq, item);
    if (item.clientId) arrived.add(item.clientId);
    first = Math.min(first ?? item.seq, item.seq);
    last = Math.max(last ?? 0, item.seq);
    return bubble(item, (button) => wishes.onPress(item, button));
  };

  /** What was pressed may stand above or below of what it answers. */
  const settle = (items: ChatItem[]): void => {
    for (const { pressed } of items) {
      const question = pressed && document.getElementById(`m-${pressed.messageId}`);
      if (question) settleAnswers(question, pressed.value);
    }
  };

  const separateDays = (): void => {
    for (const old of list.querySelectorAll('.day')) old.remove();
    let day = '';
    for (const message of list.querySelectorAll<HTMLElement>('[data-day]')) {
      const own = message.dataset.day ?? '';
      if (own > day) {
        message.before(element('li', { className: 'day' }, element('span', { textContent: nameOfDay(own) })));
        day = own;
      }
    }
  };

  // Media take their place only once they are there: whoever was reading the end goes on reading it. These events do not bubble.
  for (const grown of ['load', 'loadedmetadata']) list.addEventListener(grown, () => following && toEnd(), true);

  scroller.addEventListener('scroll', () => {
    following = isAtEnd();
    if (scroller.scrollTop > NEAR_PX || !olderThere || asked || first === null) return;
    asked = true;
    wishes.onWantOlder(first);
  });

  return {
    append: (items) => {
      const fresh = items.filter((item) => !shown.has(item.seq));
      const follow = isAtEnd() || fresh.some((item) => item.from === 'coachee');
      const before = unsentNodes();
      for (const item of fresh) {
        const node = make(item);
        document.getElementById(`u-${item.clientId}`)?.remove();
        if (before?.isConnected) before.before(node);
        else list.append(node);
      }
      settle(fresh);
      separateDays();
      if (follow) toEnd();
    },
    prepend: (items, older) => {
      asked = false;
      olderThere = older;
      const empty = shown.size === 0;
      const fromEnd = scroller.scrollHeight - scroller.scrollTop;
      const nodes = items.filter((item) => !shown.has(item.seq)).map(make);
      list.prepend(...nodes);
      settle([...shown.values()]);
      separateDays();
      scroller.scrollTop = empty ? scroller.scrollHeight : scroller.scrollHeight - fromEnd;
    },
    showUnsent: (unsent) => {
      const follow = isAtEnd();
      for (const old of list.querySelectorAll('[id^="u-"]')) old.remove();
      const waiting = unsent.filter(({ clientId }) => !arrived.has(clientId));
      list.append(...waiting.map((one) => unsentBubble(one, () => wishes.onRetry(one.clientId))));
      for (const { content } of waiting) {
        const question = content.kind === 'button' && document.getElementById(`m-${content.messageId}`);
        if (question && content.kind === 'button') settleAnswers(question, content.value);
      }
      if (follow) toEnd();
    },
    lastSeq: () => last,
  };
};
