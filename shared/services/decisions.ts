/** What a journey's decision reads from Postgres and writes to it. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { formatLocal } from '../calendar/local-time.ts';
import { type EnrollmentId, newId, type ProgramVersionId } from '../contracts/ids.ts';
import { Coachee, Enrollment, TimelineEntry } from '../db/entities/journeys.ts';
import { ProgramVersion } from '../db/entities/programs.ts';
import { nameOf } from '../domain/journeys/catch-up.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import { factsAfter } from '../domain/journeys/facts.ts';
import type { JourneyEvent } from '../domain/journeys/messages.ts';
import type { JourneyEffect } from '../domain/journeys/run.ts';
import type { Turn, TurnInput } from '../domain/journeys/turn.ts';
import { type KnownOutcome, turns } from '../domain/journeys/turns.ts';
import { lockConversation, nextSeq } from './conversations.ts';
import { bestRoute, createMessage, outcomesOf, type Route } from './deliveries.ts';
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
  /** The first takes the event; the others follow from messages that were handed over with it. */
  turns: [Turn, ...Turn[]];
  /** How those messages reach the coachee: the web chat, or null where a provider is to be called. */
  webRoute: Route | null;
  /** Messages that are new to the ledger. */
  messages: NonNullable<Turn['message']>[];
}

/**
 * Decides, as far as that needs nothing from outside: a message on the web chat is sent by being written down (design rule 4 asks for a reservation
 * because a provider cannot join our transaction), so its delivery is decided upon at once. A key that the ledger knows keeps its outcome: a reset run
 * sends nothing twice.
 */
export const decideTurns = async (em: EntityManager, coachee: Coachee, input: TurnInput): Promise<Decided> => {
  const [first] = turns(input, () => null);
  if (first.message === null) return { turns: [first], webRoute: null, messages: [] };
  const route = await bestRoute(em, coachee.id);
  const webRoute = route?.kind === 'web' ? route : null;
  const ledger = new Map<string, KnownOutcome | null>();
  const fresh = new Set<string>();
  const outcomeOf = (key: string) =>
    ledger.get(key) ?? (webRoute && !ledger.has(key) ? { outcome: 'sent' as const } : null);
  for (;;) {
    const taken = turns(input, outcomeOf);
    const messages = taken.flatMap(({ message }) => (message ? [message] : []));
    const unasked = messages.map(({ key }) => key).filter((key) => !ledger.has(key) && !fresh.has(key));
    if (unasked.length === 0) {
      return { turns: taken, webRoute, messages: messages.filter(({ key }) => fresh.has(key)) };
    }
    for (const [key, outcome] of await outcomesOf(em, unasked)) ledger.set(key, outcome);
    for (const key of unasked) if (!ledger.has(key)) fresh.add(key);
  }
};

export interface DecisionToWrite extends Decided {
  enrollment: Enrollment;
  coachee: Coachee;
  /** The workflow's run that asks for it. */
  runId: string;
  event: JourneyEvent;
  nowMs: number;
}

/** Writes a decision down; call inside a transaction, last: it holds the conversation. Gives whether messages were handed over. */
export const writeDecision = async (em: EntityManager, decision: DecisionToWrite): Promise<boolean> => {
  const { enrollment, coachee, turns, runId, event, nowMs } = decision;
  const [{ verdict }] = turns;
  for (const turn of turns) {
    appendTimeline(em, decision, turn);
    applyToCoachee(coachee, turn);
    project(enrollment, turn, nowMs);
  }
  const { run } = turns.at(-1) ?? turns[0];
  enrollment.lastDecision = { runId, event: nameOf(event), verdict, run };
  const handedOver = await writeMessages(em, decision);
  await em.flush();
  if ('id' in event && (verdict === 'accepted' || verdict === 'reasked')) await noteTaken(em, enrollment, event.id);
  return handedOver;
};

/** Hands over what the decision has answered already; the message that it ends with is planned, for a send. */
const writeMessages = async (
  em: EntityManager,
  { enrollment, coachee, turns, webRoute, messages }: DecisionToWrite,
): Promise<boolean> => {
  const last = turns.at(-1)?.message ?? null;
  const planned = ({ key, text, buttons, stepKey, occurrence }: Decided['messages'][number]) => ({
    ...{ key, text, buttons, stepKey, occurrence, creatorId: enrollment.creatorId, coacheeId: coachee.id },
    ...{ enrollmentId: enrollment.id, isTest: enrollment.isTest },
    localTime: formatLocal(turns[0].journeyNowMs, coachee.timeZone),
  });
  const answered = messages.filter((message) => message !== last);
  if (webRoute && answered.length > 0) {
    await lockConversation(em, coachee.id);
    const firstSeq = await nextSeq(em, coachee.id);
    const at = new Date();
    for (const [index, message] of answered.entries()) {
      createMessage(em, planned(message), { route: webRoute, seq: firstSeq + index, at });
    }
  }
  if (last && messages.includes(last)) createMessage(em, planned(last));
  return answered.length > 0;
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

const applyToCoachee = (coachee: Coachee, { bookkeeping }: Turn): void => {
  const { name, traits, tags } = coachee;
  const after = bookkeeping.reduce(factsAfter, { name, traits, tags });
  if (after.traits !== traits) coachee.traits = after.traits;
  if (after.tags !== tags) coachee.tags = after.tags;
};

/** Brings the enrollment's row up to what the run now says. */
const project = (enrollment: Enrollment, { run, message }: Turn, nowMs: number): void => {
  const { state, effect } = run;
  const open = state.pending?.kind === 'reply' ? (enrollment.awaitingReplySince ?? new Date(nowMs)) : null;
  enrollment.status = state.status;
  enrollment.stepKey = state.at;
  enrollment.dueAt = dueOf(effect);
  enrollment.parkedReason = state.parkedReason;
  enrollment.outcome = state.outcome;
  enrollment.awaitingReplySince = message?.awaitsReply ? new Date(nowMs) : open;
  enrollment.runStartedAt ??= new Date();
  if (effect.kind === 'end') enrollment.endedAt ??= new Date();
};

const dueOf = (effect: JourneyEffect): Date | null =>
  effect.kind === 'wait' && effect.dueAtMs !== null ? new Date(effect.dueAtMs) : null;
