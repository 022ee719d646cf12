/** What a journey's decision reads from Postgres and writes to it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { formatLocal } from '../calendar/local-time.ts';
import { type EnrollmentId, newId, type ProgramVersionId } from '../contracts/ids.ts';
import { Coachee, Enrollment, TimelineEntry } from '../db/entities/journeys.ts';
import { ProgramVersion } from '../db/entities/programs.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import type { TimelineRecord } from '../domain/journeys/messages.ts';
import type { JourneyEffect } from '../domain/journeys/run.ts';
import type { Turn } from '../domain/journeys/turn.ts';
import { planMessage } from './deliveries.ts';

/** Published versions never change, so a worker keeps the latest it has used: a few hundred of at most 512 KiB. */
const DEFINITIONS_KEPT = 200;
const definitions = new Map<ProgramVersionId, ProgramDefinition>();

/** Everything that a decision needs. Throws NotFoundError when the enrollment is not (or no longer) there. */
export const loadForDecision = async (em: EntityManager, enrollmentId: EnrollmentId) => {
  const enrollment = await em.findOneOrFail(Enrollment, { id: enrollmentId });
  const coachee = await em.findOneOrFail(Coachee, { id: enrollment.coacheeId });
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
  /** Names this decision: a second run of the same one writes nothing twice. */
  decisionKey: string;
  nowMs: number;
}

/** Writes a decision down; call inside a transaction. */
export const writeDecision = async (em: EntityManager, decision: DecisionToWrite): Promise<void> => {
  const { enrollment, coachee, decided } = decision;
  const fresh = await appendTimeline(em, decision);
  if (fresh) applyToCoachee(coachee, decided);
  project(enrollment, decided, decision.nowMs);
  await em.flush();
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

/** Adds the decision's lines; false when they stood there already (the decision is being made again after a crash). */
const appendTimeline = async (em: EntityManager, decision: DecisionToWrite): Promise<boolean> => {
  const { enrollment, coachee, decided, decisionKey } = decision;
  const records = decided.bookkeeping.flatMap((one) => (one.type === 'Record' ? [one.record] : []));
  if (records.length === 0) return true;
  const at = new Date(decided.journeyNowMs);
  const localTime = formatLocal(decided.journeyNowMs, coachee.timeZone);
  const rows = records.map((record: TimelineRecord, index) => ({
    ...record,
    id: newId<string>(),
    creatorId: enrollment.creatorId,
    enrollmentId: enrollment.id,
    decisionKey: `${decisionKey}/${index}`,
    at,
    localTime,
    createdAt: new Date(),
  }));
  const written = await em
    .createQueryBuilder(TimelineEntry)
    .insert(rows)
    .onConflict(['enrollmentId', 'decisionKey'])
    .ignore()
    .execute('run');
  return written.affectedRows === rows.length;
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
