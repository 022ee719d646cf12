/** The invitation: who invites to what, and the two things that are asked. */
import { element } from './dom.ts';
import { joined, keepSession, type Session, sessionAt, tokenFor } from './storage.ts';

/** As the server wrote it into the page. */
export interface Invitation {
  code: string;
  place: string;
  creatorName: string;
  programTitle: string;
  personName: string;
  isTest: boolean;
}

type Outcome = { session: Session } | { refused: string };

interface JoinRequest {
  code: string;
  name: string;
  timeZone: string;
  token: string;
}

const NOT_REACHED = 'That did not get through. Please check your connection and try again.';

const post = async (body: JoinRequest): Promise<{ status: number; detail: string }> => {
  try {
    const response = await fetch('/v1/webchat/join', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = (await response.json().catch(() => ({}))) as { detail?: string };
    return { status: response.status, detail: answer.detail ?? NOT_REACHED };
  } catch {
    return { status: 0, detail: NOT_REACHED };
  }
};

/** Joins with the session that this browser has at the creator, if any; a link that is someone else's gets one of its own. */
const join = async ({ code, place }: Invitation, answers: { name: string; timeZone: string }): Promise<Outcome> => {
  const known = sessionAt(place);
  const tokens = known ? [known.token, tokenFor(place)] : [tokenFor(place)];
  let refused = NOT_REACHED;
  for (const token of tokens) {
    const { status, detail } = await post({ code, ...answers, token });
    if (status >= 200 && status < 300) {
      const codes = known?.token === token ? [...known.codes, code] : [code];
      joined(place);
      return { session: { place, token, codes } };
    }
    refused = detail;
    if (status !== 409) break;
  }
  return { refused };
};

const zones = (own: string): string[] => {
  const all = Intl.supportedValuesOf('timeZone');
  return all.includes(own) ? all : [own, ...all];
};

const timeIn = (timeZone: string): string =>
  new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', timeZone }).format(new Date());

/** The time zone: found by the browser, in words, with a list behind `change`. */
const zoneField = () => {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hint = element('p', { className: 'hint', id: 'zone-hint' });
  const select = element(
    'select',
    { id: 'zone', name: 'zone', 'aria-describedby': 'zone-hint' },
    ...zones(own).map((zone) => element('option', { value: zone, textContent: zone.replaceAll('_', ' ') })),
  );
  const tell = () => {
    hint.textContent = `It is ${timeIn(select.value)} there now. Messages come at this local time.`;
  };
  select.value = own;
  select.addEventListener('change', tell);
  tell();
  return { select, node: element('div', { className: 'field' }, label('zone', 'Your time zone'), select, hint) };
};

const label = (htmlFor: string, textContent: string) => element('label', { htmlFor, textContent });

const heading = ({ creatorName, programTitle, personName }: Invitation): HTMLElement[] => [
  element('p', {
    className: 'kicker',
    textContent: `${creatorName} invites you${personName ? `, ${personName}` : ''}`,
  }),
  element('h1', { textContent: programTitle || 'Your chat' }),
];

/** Shows the invitation in `root`; `done` is called with the session once joined. */
export const showInvitation = (root: HTMLElement, invitation: Invitation, done: (session: Session) => void): void => {
  const name = element('input', {
    ...{ id: 'name', name: 'name', type: 'text', required: true, maxLength: 100, autocomplete: 'given-name' },
    value: invitation.personName,
  });
  const zone = zoneField();
  const problem = element('p', { className: 'problem', role: 'alert' });
  const submit = element('button', { type: 'submit', className: 'primary', textContent: 'Start the chat' });
  const form = element(
    'form',
    { className: 'card' },
    ...heading(invitation),
    invitation.isTest ? element('p', { className: 'test', textContent: 'Test run' }) : null,
    element('div', { className: 'field' }, label('name', 'What may we call you?'), name),
    zone.node,
    problem,
    submit,
    element('p', {
      className: 'hint',
      textContent: 'No account, no password. On this device, the same link brings you back.',
    }),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    submit.textContent = 'One moment…';
    problem.textContent = '';
    const outcome = await join(invitation, { name: name.value.trim(), timeZone: zone.select.value });
    if ('session' in outcome) {
      keepSession(outcome.session);
      return done(outcome.session);
    }
    problem.textContent = outcome.refused;
    submit.disabled = false;
    submit.textContent = 'Try again';
  });
  root.replaceChildren(element('main', { className: 'invitation' }, form));
};
