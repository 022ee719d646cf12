/** What a journey's decision reads from Postgres and writes to it. */
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { formatLocal } from '../calendar/local-time.ts';
import { type EnrollmentId, newId, type ProgramVersionId } from '../contracts/ids.ts';
import { Coachee, Enrollment, TimelineEntry } from '../db/entities/journeys.ts';
import { ProgramVersion } from '../db/entities/programs.ts';
import { nameOf } from '../domain/journeys/catch-up.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import type { JourneyEvent } from '../domain/journeys/messages.ts';
import type { JourneyEffect } from '../domain/journeys/run.ts';
import type { Turn } from '../domain/journeys/turn.ts';
import { planMessage } from './deliveries.ts';
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

export interface DecisionToWrite {
  enrollment: Enrollment;
  coachee: Coachee;
  decided: Turn;
  /** The workflow's run that asks for it. */
  runId: string;
  event: JourneyEvent;
  nowMs: number;
}

/** Writes a decision down; call inside a transaction. */
export const writeDecision = async (em: EntityManager, decision: DecisionToWrite): Promise<void> => {
  const { enrollment, coachee, decided, runId, event } = decision;
  appendTimeline(em, decision);
  applyToCoachee(coachee, decided);
  project(enrollment, decided, decision.nowMs);
  enrollment.lastDecision = { runId, event: nameOf(event), verdict: decided.verdict, run: decided.run };
  await em.flush();
  const { verdict } = decided;
  if ('id' in event && (verdict === 'accepted' || verdict === 'reasked')) await noteTaken(em, enrollment, event.id);
  if (!decided.message) return;
  const { key, text, buttons, stepKey, occurrence } = decided.message;
  await planMessage(em, {
    key,
    text,
    buttons,
    stepKey,
    occurrence,
    creatorId: enrollment.creatorId,
    coacheeId: coachee.id,
    enrollmentId: enrollment.id,
    isTest: enrollment.isTest,
    localTime: formatLocal(decided.journeyNowMs, coachee.timeZone),
  });
};

/** Adds the decision's lines under its name. */
const appendTimeline = (em: EntityManager, { enrollment, coachee, decided, runId }: DecisionToWrite): void => {
  const records = decided.bookkeeping.flatMap((one) => (one.type === 'Record' ? [one.record] : []));
  const at = new Date(decided.journeyNowMs);
  const localTime = formatLocal(decided.journeyNowMs, coachee.timeZone);
  for (const [index, record] of records.entries()) {
    em.create(TimelineEntry, {
      ...record,
      id: newId<string>(),
      creatorId: enrollment.creatorId,
      enrollmentId: enrollment.id,
      decisionKey: `${runId}/${decided.run.turns}/${index}`,
      at,
      localTime,
    });
  }
};

const applyToCoachee = (coachee: Coachee, { bookkeeping }: Turn): void => {
  for (const one of bookkeeping) {
    if (one.type === 'SetTrait') coachee.traits = { ...coachee.traits, [one.name]: one.value };
    if (one.type === 'SetTag') {
      const others = coachee.tags.filter((tag) => tag !== one.tag);
      coachee.tags = one.present ? [...others, one.tag] : others;
    }
  }
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
