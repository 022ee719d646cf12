/** The chat of one session. */
import type { ChatItem, ServerFrame } from '../../../shared/contracts/realtime.ts';
import { createComposer } from './composer.ts';
import { connect, type Line } from './connection.ts';
import { element } from './dom.ts';
import { createMessages } from './messages.ts';
import { createOutbox } from './outbox.ts';
import { dropSession, type Session } from './storage.ts';

type Welcome = Extract<ServerFrame, { type: 'welcome' }>;

/** Words for the state of the line; null when all is well and there is nothing to say. */
const inWords = (line: Line): string | null => {
  if (line.state === 'open') return null;
  if (line.state === 'unknown') return 'This chat is not known here any more. Please open your invitation link again.';
  if (!navigator.onLine) return 'You are offline. What you write is kept and sent later.';
  if (line.state === 'connecting') return 'Connecting…';
  const seconds = Math.max(1, Math.round(line.afterMs / 1000));
  return `No connection. Trying again in ${seconds} s.`;
};

const header = () => {
  const title = element('h1', { textContent: 'Chat' });
  const creator = element('p', { className: 'creator' });
  const test = element('span', { className: 'test', textContent: 'Test', hidden: true });
  test.title = 'A test run: days pass faster, and times are the journey’s own.';
  const telegram = element(
    'button',
    { type: 'button', className: 'telegram', hidden: true },
    element('span', { className: 'roomy', textContent: 'Continue on ' }),
    'Telegram',
  );
  const node = element('header', {}, element('div', { className: 'who' }, title, creator), test, telegram);
  const show = (welcome: Welcome): void => {
    title.textContent = welcome.programTitle ?? welcome.creatorName;
    creator.textContent = welcome.programTitle ? `with ${welcome.creatorName}` : '';
    document.title = title.textContent;
    test.hidden = !welcome.isTest;
    telegram.hidden = !welcome.telegram;
  };
  return { node, telegram, show };
};

/** Shows the chat in `root`; `leave` is called when the server no longer knows the session. */
export const openChat = (root: HTMLElement, session: Session, leave: () => void): void => {
  const { node: top, telegram, show } = header();
  const state = element('p', { className: 'line', role: 'status', hidden: true });
  const notice = element('p', { className: 'notice', role: 'alert', hidden: true });
  const list = element('ol', { className: 'messages' });
  const log = element('section', { role: 'log', 'aria-label': 'Conversation' }, list);
  const empty = element('p', { className: 'empty', textContent: 'Your first message is on its way.', hidden: true });
  const scroller = element('div', { className: 'scroller', tabIndex: 0 }, empty, log);

  const tell = (text: string): void => {
    notice.textContent = text;
    notice.hidden = false;
    setTimeout(() => {
      notice.hidden = true;
    }, 6_000);
  };

  const messages = createMessages(scroller, list, {
    onPress: (item, { label, value }) => outbox.say({ kind: 'button', messageId: item.id, value }, label),
    onRetry: (clientId) => {
      outbox.tryAgain(clientId);
      connection.hurry();
    },
    onWantOlder: (before) => connection.send({ type: 'history', before }),
  });
  const showState = (): void => {
    messages.showUnsent(outbox.items());
    empty.hidden = list.childElementCount > 0 || !state.hidden;
  };
  const outbox = createOutbox(session.place, (frame) => connection.send(frame), showState);

  const arrived = (items: ChatItem[]): void => {
    for (const { clientId } of items) if (clientId) outbox.arrived(clientId);
  };
  const onFrame = (frame: ServerFrame): void => {
    switch (frame.type) {
      case 'welcome':
        show(frame);
        return;
      case 'history':
        messages.prepend(frame.items, frame.older);
        arrived(frame.items);
        break;
      case 'messages':
        messages.append(frame.items);
        arrived(frame.items);
        break;
      case 'ack':
        // The bubble turns into the real one when the message itself comes back, at once; unless it was here before.
        if (frame.seq <= (messages.lastSeq() ?? 0)) outbox.arrived(frame.clientId);
        return;
      case 'link':
        location.assign(frame.url);
        return;
      case 'problem':
        if (frame.clientId) outbox.refused(frame.clientId, frame.retry);
        if (!frame.retry && frame.code !== 'unauthenticated') tell(frame.message);
        return;
    }
    showState();
  };
  const onLine = (line: Line): void => {
    const words = inWords(line);
    state.textContent = words ?? '';
    state.hidden = words === null;
    if (line.state === 'open') outbox.flush();
    if (line.state === 'unknown') {
      dropSession(session.place);
      leave();
    }
    showState();
  };

  telegram.addEventListener('click', () => {
    if (!connection.send({ type: 'telegramLink' })) tell('There is no connection just now.');
  });
  const composer = createComposer((text) => outbox.say({ kind: 'text', text }, text));
  root.replaceChildren(top, element('main', { className: 'chat' }, state, scroller, notice, composer));
  const connection = connect({ token: session.token, seen: messages.lastSeq, onFrame, onLine });
};
