/** Where the page begins: an invitation for who is new, the chat for who has joined. */
import { openChat } from './chat.ts';
import { element } from './dom.ts';
import { showInvitation } from './join.ts';
import { keepSession, lastSession, type Session, sessionAt } from './storage.ts';

const root = document.getElementById('app') ?? document.body;

/** What the server wrote into the page; no code at `/chat`. */
const { code = '', place = '', creator = '', program = '', person = '', test = '' } = root.dataset;

const invite = (): void => {
  const names = { creatorName: creator, programTitle: program, personName: person };
  if (code === '') nothingHere();
  else showInvitation(root, { code, place, ...names, isTest: test === 'true' }, chat);
};

const chat = (session: Session): void => {
  keepSession(session);
  openChat(root, session, invite);
};

const nothingHere = (): void => {
  root.replaceChildren(
    element(
      'main',
      { className: 'invitation' },
      element(
        'div',
        { className: 'card' },
        element('h1', { textContent: 'No chat here yet' }),
        element('p', { textContent: 'Please open the invitation link that you were given; it leads you in.' }),
      ),
    ),
  );
};

const known = code === '' ? lastSession() : sessionAt(place);
if (known && (code === '' || known.codes.includes(code))) chat(known);
else invite();
