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
  const unread = rows.inbound.filter(({ handledAt }) => handledAt === null);
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
  const enrollments = rows.enrollments.filter((one) => one.coacheeId === coacheeId);
  const [enrollment] = enrollments;
  if (!coacheeId || !enrollment || enrollments.length > 1) {
    return { faults: [`${person.chat} has ${enrollments.length} enrollments`], sends: [] };
  }
  const faults: string[] = [];
  const check = (holds: boolean, what: string) => {
    if (!holds) faults.push(`${person.chat} (journey/${enrollment.id}): ${what}`);
  };
  check(enrollment.status === 'finished', `is ${enrollment.status} at ${enrollment.stepKey}`);

  const textOf = new Map(rows.messages.map(({ id, text }) => [id, text]));
  const deliveries = rows.deliveries.filter((one) => one.coacheeId === coacheeId);
  const expectedKeys = SENDING.map((step) => `journey/${enrollment.id}/${step}/1`);
  const keys = deliveries.map(({ key }) => key);
  const strange = deliveries.filter(({ key }) => !expectedKeys.includes(key));
  for (const { key, messageId } of strange) check(false, `was sent ${key}: ${textOf.get(messageId)}`);
  for (const key of expectedKeys) check(keys.includes(key), `was never to be sent ${key}`);

  const copies = got.get(person.chat) ?? new Map<string, number>();
  const sends = deliveries.map(({ key, status, messageId }) => ({
    key,
    status,
    copies: copies.get(textOf.get(messageId) ?? '') ?? 0,
  }));
  for (const { key, status, copies: count } of sends) {
    const allowed = status === 'sent' ? [1] : status === 'ambiguous' ? [0, 1] : [];
    check(allowed.includes(count), `${key} is ${status} with ${count} copies`);
  }
  const ours = new Set([...deliveries.map(({ messageId }) => textOf.get(messageId)), ...Object.values(joinPhrases)]);
  for (const text of copies.keys()) check(ours.has(text), `got “${text}”, of which the ledger knows nothing`);

  const timeline = rows.timeline.filter((one) => one.enrollmentId === enrollment.id);
  const told = timeline.map(({ kind, stepKey }) => `${kind} ${stepKey ?? ''}`.trim());
  const expected = expectedTimeline(new Map(deliveries.map(({ key, status }) => [key.split('/').at(-2), status])));
  check(told.join() === expected.join(), `the timeline says ${told.join(', ')} instead of ${expected.join(', ')}`);
  const answers = timeline.filter(({ kind }) => kind === 'answered').map(({ detail }) => detail.value);
  check(answers.join() === person.mood.toLowerCase(), `answered ${answers.join()}`);
  const traits = rows.coachees.find(({ id }) => id === coacheeId)?.traits ?? {};
  check(traits.told === true, `has the traits ${JSON.stringify(traits)}`);
  return { faults, sends };
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
