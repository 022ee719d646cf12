/** Holds the ledger, the timeline and what Telegram has against each other. */
import { Delivery, Identity } from '../../shared/db/entities/channels.ts';
import { InboundMessage, Message } from '../../shared/db/entities/conversations.ts';
import { Coachee, Enrollment, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import { joinPhrases } from '../../shared/domain/channels/phrases.ts';
import type { TimelineKind } from '../../shared/domain/journeys/messages.ts';
import type { GivenTelegram } from '../support/telegram.ts';
import { creatorsOf, type Person, SENDING } from './people.ts';

export interface SendVerdict {
  key: string;
  status: Delivery['status'];
  /** How many copies the person got. */
  copies: number;
}

export interface Verdict {
  /** In words, one per thing that is wrong. */
  faults: string[];
  sends: SendVerdict[];
}

/** What became of these people, each of their creators with all rows. */
export const judge = async (people: Person[]): Promise<Verdict> => {
  const ofCreator = (creator: GivenTelegram) => people.filter((person) => person.creator === creator);
  const verdicts = await Promise.all(creatorsOf(people).map((creator) => judgeCreator(creator, ofCreator(creator))));
  return { faults: verdicts.flatMap(({ faults }) => faults), sends: verdicts.flatMap(({ sends }) => sends) };
};

const judgeCreator = async (creator: GivenTelegram, people: Person[]): Promise<Verdict> => {
  const em = creator.em();
  const rows = {
    enrollments: await em.find(Enrollment, {}),
    coachees: await em.find(Coachee, {}),
    identities: await em.find(Identity, {}),
    deliveries: await em.find(Delivery, {}),
    messages: await em.find(Message, { direction: 'out' }),
    timeline: await em.find(TimelineEntry, {}, { orderBy: { id: 'asc' } }),
    inbound: await em.find(InboundMessage, {}),
  };
  const got = copiesByChat((await creator.bot.look()).sends);
  const verdicts = people.map((person) => judgePerson(person, rows, got));
  const unread = rows.inbound.filter(({ handledAt }) => !handledAt);
  return {
    faults: [
      ...verdicts.flatMap(({ faults }) => faults),
      ...unread.map(({ id }) => `inbound ${id} was never taken in`),
    ],
    sends: verdicts.flatMap(({ sends }) => sends),
  };
};

interface Rows {
  enrollments: Enrollment[];
  coachees: Coachee[];
  identities: Identity[];
  deliveries: Delivery[];
  messages: Message[];
  timeline: TimelineEntry[];
}
type Copies = Map<number, Map<string, number>>;

const copiesByChat = (sends: { accepted: boolean; body: Record<string, unknown> }[]): Copies => {
  const copies: Copies = new Map();
  for (const { accepted, body } of sends) {
    if (!accepted) continue;
    const chat = copies.get(Number(body.chat_id)) ?? new Map<string, number>();
    copies.set(Number(body.chat_id), chat.set(String(body.text), (chat.get(String(body.text)) ?? 0) + 1));
  }
  return copies;
};

const judgePerson = (person: Person, rows: Rows, got: Copies): Verdict => {
  const { coacheeId } = rows.identities.find(({ address }) => address === String(person.chat)) ?? {};
  const ofCoachee = <Row extends { coacheeId: string }>(all: Row[]) => all.filter((row) => row.coacheeId === coacheeId);
  const [enrollment, ...more] = ofCoachee(rows.enrollments);
  if (!enrollment || more.length > 0) {
    return { faults: [`${person.chat} has ${enrollment ? 1 + more.length : 0} enrollments`], sends: [] };
  }
  const textOf = new Map(rows.messages.map(({ id, text }) => [id, text]));
  const copies = got.get(person.chat) ?? new Map<string, number>();
  const sends = ofCoachee(rows.deliveries).map(({ key, status, messageId }) => {
    const text = textOf.get(messageId) ?? '';
    return { key, status, text, copies: copies.get(text) ?? 0 };
  });
  const timeline = rows.timeline.filter((one) => one.enrollmentId === enrollment.id);
  const { traits } = rows.coachees.find(({ id }) => id === coacheeId) ?? {};
  const faults = [
    ...(enrollment.status === 'finished' ? [] : [`is ${enrollment.status} at ${enrollment.stepKey}`]),
    ...(traits?.told === true ? [] : [`has the traits ${JSON.stringify(traits)}`]),
    ...faultsOfSends(enrollment, sends, copies),
    ...faultsOfTimeline(person, timeline, sends),
  ];
  return { faults: faults.map((fault) => `${person.chat} (journey/${enrollment.id}) ${fault}`), sends };
};

/** A message of each step that sends, and nothing else: one copy of what is sent, at most one of what is ambiguous. */
const faultsOfSends = (
  enrollment: Enrollment,
  sends: (SendVerdict & { text: string })[],
  copies: Map<string, number>,
): string[] => {
  const expected = SENDING.map((step) => `journey/${enrollment.id}/${step}/1`);
  const texts = new Set<string>([...sends.map(({ text }) => text), ...Object.values(joinPhrases)]);
  const allowed: Partial<Record<Delivery['status'], number[]>> = { sent: [1], ambiguous: [0, 1] };
  return [
    ...expected.filter((key) => !sends.some((send) => send.key === key)).map((key) => `was never to be sent ${key}`),
    ...sends.filter(({ key }) => !expected.includes(key)).map(({ key, text }) => `was to be sent ${key}: ${text}`),
    ...sends
      .filter(({ status, copies: count }) => !allowed[status]?.includes(count))
      .map(({ key, status, copies: count }) => `${key} is ${status} with ${count} copies`),
    ...[...copies.keys()]
      .filter((text) => !texts.has(text))
      .map((text) => `got “${text}”, of which the ledger knows nothing`),
  ];
};

/** Every line once and in order, and the answer that the person gave. */
const faultsOfTimeline = ({ mood }: Person, timeline: TimelineEntry[], sends: SendVerdict[]): string[] => {
  const told = timeline.map(({ kind, stepKey }) => `${kind} ${stepKey ?? ''}`.trim()).join(', ');
  const expected = expectedTimeline(new Map(sends.map(({ key, status }) => [key.split('/').at(-2), status]))).join(
    ', ',
  );
  const answers = timeline.filter(({ kind }) => kind === 'answered').map(({ detail }) => detail.value);
  return [
    ...(told === expected ? [] : [`has the timeline ${told} instead of ${expected}`]),
    ...(answers.join() === mood.toLowerCase() ? [] : [`answered ${answers.join()} instead of ${mood}`]),
  ];
};

/** The lines that a journey leaves, given what became of each step's message. */
const expectedTimeline = (statusOf: Map<string | undefined, Delivery['status']>): string[] => {
  const line = (kind: TimelineKind, step: string) =>
    `${statusOf.get(step) === 'ambiguous' ? 'ambiguous' : kind} ${step}`;
  return [
    'started',
    'entered hello',
    line('sent', 'hello'),
    'entered mood',
    line('asked', 'mood'),
    'answered mood',
    'entered kept',
    'traitSet kept',
    'entered breath',
    'waiting breath',
    'entered bye',
    line('sent', 'bye'),
    'finished bye',
  ];
};
