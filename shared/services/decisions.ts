/** What a journey's decision reads from Postgres and writes to it. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { formatLocal } from '../calendar/local-time.ts';
import { type EnrollmentId, newId, type ProgramVersionId } from '../contracts/ids.ts';
import { Message } from '../db/entities/conversations.ts';
import { Coachee, Enrollment, TimelineEntry } from '../db/entities/journeys.ts';
import { ProgramVersion } from '../db/entities/programs.ts';
import { postponement } from '../domain/channels/delivery-time.ts';
import { dateIn } from '../domain/journeys/calendar.ts';
import { nameOf } from '../domain/journeys/catch-up.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import { factsAfter } from '../domain/journeys/facts.ts';
import type { JourneyEvent } from '../domain/journeys/messages.ts';
import type { JourneyEffect, Told } from '../domain/journeys/run.ts';
import type { CoacheeFacts, EffectRef } from '../domain/journeys/state.ts';
import type { Turn, TurnInput } from '../domain/journeys/turn.ts';
import { type KnownOutcome, type MessageRules, turns } from '../domain/journeys/turns.ts';
import { lockConversation, nextSeq, sentByDay } from './conversations.ts';
import { keepBooks, tellOthers } from './decision-books.ts';
import { bestRoute, createMessage, outcomesOf, type PlannedMessage, type Route } from './deliveries.ts';
import { endHabitsOf } from './habit-giving.ts';
import { noteTaken } from './inbox.ts';

/** Published versions never change, so a worker keeps the latest it has used: a few hundred of at most 512 KiB. */
const DEFINITIONS_KEPT = 200;
const definitions = new Map<ProgramVersionId, ProgramDefinition>();

/**
 * Everything that a decision needs, held until the transaction ends: decisions of one coachee are made one after the other, so that none loses a trait
 * that another has set. Throws NotFoundError when the enrollment is not (or no longer) there.
 */
export const loadForDecision = async (em: EntityManager, enrollmentId: EnrollmentId) => {
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const enrollment = await em.findOneOrFail(Enrollment, { id: enrollmentId }, { lockMode, populate: ['lastDecision'] });
  const coachee = await em.findOneOrFail(Coachee, { id: enrollment.coacheeId }, { lockMode });
  return { enrollment, coachee, definition: await loadDefinition(em, enrollment.programVersionId) };
};

/** A published definition, parsed when it was published. Throws NotFoundError when there is none. */
export const loadDefinition = async (em: EntityManager, id: ProgramVersionId): Promise<ProgramDefinition> => {
  const known = definitions.get(id);
  if (known) return known;
  const version = await em.findOneOrFail(ProgramVersion, { id }, { populate: ['definition'] });
  const definition = version.definition as ProgramDefinition;
  const [oldest] = definitions.keys();
  if (oldest !== undefined && definitions.size >= DEFINITIONS_KEPT) definitions.delete(oldest);
  definitions.set(id, definition);
  return definition;
};

export interface Decided {
  /** The first takes the event; the others follow from what was known at once. */
  turns: [Turn, ...Turn[]];
  /** How messages reach the coachee: the web chat, or null where a provider is to be called. */
  webRoute: Route | null;
  /** Keys of messages that are new to the ledger. */
  fresh: Set<string>;
}

/**
 * Decides, as far as that needs nothing from outside: a message on the web chat is sent by being written down (design rule 4 asks for a reservation
 * because a provider cannot join our transaction), so its delivery is decided upon at once. A key that the ledger knows keeps its outcome: a reset run
 * sends nothing twice.
 */
export const decideTurns = async (em: EntityManager, coachee: Coachee, input: TurnInput): Promise<Decided> => {
  const first = turns(input, { outcomeOf: () => null, isNew: () => true });
  if (first.every(({ send }) => send === null)) return { turns: first, webRoute: null, fresh: new Set() };
  const route = await bestRoute(em, coachee.id);
  const webRoute = route?.kind === 'web' ? route : null;
  const ledger = new Map<string, KnownOutcome | null>();
  const fresh = new Set<string>();
  const rules: MessageRules = {
    isNew: (key) => !ledger.has(key),
    outcomeOf: ({ key, content }) => {
      const handsOver = webRoute && !content?.email && !ledger.has(key);
      return ledger.get(key) ?? (handsOver ? { outcome: 'sent' } : null);
    },
    ...(await wishesOf(em, coachee, input)),
  };
  for (;;) {
    const taken = turns(input, rules);
    const keys = taken.flatMap(({ send }) => send?.key ?? []);
    const unasked = keys.filter((key) => !ledger.has(key) && !fresh.has(key));
    if (unasked.length === 0) return { turns: taken, webRoute, fresh };
    for (const [key, outcome] of await outcomesOf(em, unasked)) ledger.set(key, outcome);
    for (const key of unasked) if (!ledger.has(key)) fresh.add(key);
  }
};

/** When messages may go, by what the coachee wishes. */
const wishesOf = async (
  em: EntityManager,
  { id, deliveryPolicy }: Coachee,
  { calendar, timeZone }: TurnInput,
): Promise<Pick<MessageRules, 'postpone'>> => {
  if (!deliveryPolicy) return {};
  const sentOn = deliveryPolicy.maxPerDay === undefined ? new Map<string, number>() : await sentByDay(em, id);
  return {
    postpone: (send, journeyNowMs, already) => {
      if (send.prompted) return null;
      const local = calendar.formatLocal(journeyNowMs, timeZone);
      return postponement(deliveryPolicy, { local, sentToday: (sentOn.get(dateIn(local)) ?? 0) + already });
    },
  };
};

export interface DecisionToWrite extends Decided {
  enrollment: Enrollment;
  coachee: Coachee;
  facts: CoacheeFacts;
  keyOf: TurnInput['keyOf'];
  /** The effect of another journey that this one is the subprogram of. */
  parent: ({ enrollmentId: string } & EffectRef) | null;
  /** The workflow's run that asks for it. */
  runId: string;
  event: JourneyEvent;
  nowMs: number;
}

/** Writes a decision down; call inside a transaction, last: it holds the conversation. `reminds`: the coachee's reminders are to be told. */
export const writeDecision = async (
  em: EntityManager,
  decision: DecisionToWrite,
): Promise<{ handedOver: boolean; tell: Told[]; reminds: boolean }> => {
  const { enrollment, coachee, facts, turns, runId, event, nowMs, parent, keyOf } = decision;
  const [{ verdict }] = turns;
  for (const turn of turns) {
    appendTimeline(em, decision, turn);
    project(enrollment, turn, nowMs);
  }
  const bookkeeping = turns.flatMap((turn) => turn.bookkeeping);
  const after = bookkeeping.reduce(factsAfter, facts);
  if (after.traits !== facts.traits) coachee.traits = after.traits;
  if (after.tags !== facts.tags) coachee.tags = after.tags;
  const { run } = turns.at(-1) ?? turns[0];
  const tell = await tellOthers(em, {
    ...{ enrollment, parent, keyOf, bookkeeping },
    effect: run.effect,
    changed: after !== facts,
  });
  enrollment.lastDecision = { runId, event: nameOf(event), verdict, run, ...(tell.length > 0 && { tell }) };
  enrollment.nudgedAt = null;
  const handedOver = await writeMessages(em, decision);
  await em.flush();
  const booked = await keepBooks(em, decision, bookkeeping);
  const isOver = run.effect.kind === 'end' && (await endHabitsOf(em, decision, run.effect.status));
  if ('id' in event && (verdict === 'accepted' || verdict === 'reasked')) await noteTaken(em, enrollment, event.id);
  return { handedOver, tell, reminds: booked || isOver };
};

/** Hands over what the decision has answered already; a message that is postponed, or that the decision ends with, is planned. */
const writeMessages = async (
  em: EntityManager,
  { enrollment, coachee, turns, webRoute, fresh }: DecisionToWrite,
): Promise<boolean> => {
  const last = turns.at(-1);
  const messages = turns.flatMap((turn) => {
    const { send } = turn;
    if (!send?.content || !fresh.has(send.key)) return [];
    const { content, key, stepKey, occurrence } = send;
    const planned: PlannedMessage = {
      ...{ key, ...content, stepKey, occurrence, creatorId: enrollment.creatorId, coacheeId: coachee.id },
      ...{ enrollmentId: enrollment.id, isTest: enrollment.isTest },
      localTime: formatLocal(turn.journeyNowMs, coachee.timeZone),
    };
    return [{ planned, isAnswered: turn !== last && !turn.postponed && !content.email }];
  });
  const answered = webRoute ? messages.filter(({ isAnswered }) => isAnswered) : [];
  if (webRoute && answered.length > 0) {
    await lockConversation(em, coachee.id);
    const firstSeq = await nextSeq(em, coachee.id);
    const at = new Date();
    for (const [index, { planned }] of answered.entries()) {
      createMessage(em, planned, { route: webRoute, seq: firstSeq + index, at });
    }
  }
  for (const message of messages) if (!answered.includes(message)) createMessage(em, message.planned);
  await noteReleases(em, { enrollment, coachee, turns });
  return answered.length > 0;
};

/** A message that had to wait is one of the day on which it goes. */
const noteReleases = async (
  em: EntityManager,
  { enrollment, coachee, turns }: Pick<DecisionToWrite, 'enrollment' | 'coachee' | 'turns'>,
): Promise<void> => {
  for (const { send, postponed, journeyNowMs } of turns) {
    if (!send || send.content || postponed) continue;
    const { stepKey, occurrence } = send;
    const localTime = formatLocal(journeyNowMs, coachee.timeZone);
    await em.nativeUpdate(Message, { enrollmentId: enrollment.id, stepKey, occurrence }, { localTime });
  }
};

/** Adds a turn's lines under the decision's name. */
const appendTimeline = (
  em: EntityManager,
  { enrollment, coachee, runId }: DecisionToWrite,
  { bookkeeping, journeyNowMs, run }: Turn,
): void => {
  const records = bookkeeping.flatMap((one) => (one.type === 'Record' ? [one.record] : []));
  const at = new Date(journeyNowMs);
  const localTime = formatLocal(journeyNowMs, coachee.timeZone);
  for (const [index, record] of records.entries()) {
    em.create(TimelineEntry, {
      ...record,
      id: newId<string>(),
      creatorId: enrollment.creatorId,
      enrollmentId: enrollment.id,
      decisionKey: `${runId}/${run.turns}/${index}`,
      at,
      localTime,
    });
  }
};

/** Brings the enrollment's row up to what the run now says. */
const project = (enrollment: Enrollment, { run, send, postponed }: Turn, nowMs: number): void => {
  const { state, effect } = run;
  const open = state.pending?.kind === 'reply' ? (enrollment.awaitingReplySince ?? new Date(nowMs)) : null;
  enrollment.status = state.status;
  enrollment.stepKey = state.at;
  enrollment.dueAt = dueOf(effect);
  enrollment.parkedReason = state.parkedReason;
  enrollment.outcome = state.outcome;
  enrollment.awaitingReplySince = send?.awaitsReply && !postponed ? new Date(nowMs) : open;
  enrollment.runStartedAt ??= new Date();
  if (effect.kind === 'end') enrollment.endedAt ??= new Date();
};

const dueOf = (effect: JourneyEffect): Date | null =>
  effect.kind === 'wait' && effect.dueAtMs !== null ? new Date(effect.dueAtMs) : null;
