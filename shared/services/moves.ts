/** What a decision reads and writes when it takes a journey to another version: the migration's line and the enrollment's version, in one transaction. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { migrationId, type ProgramVersionId } from '../contracts/ids.ts';
import type { Enrollment } from '../db/entities/journeys.ts';
import { Migration, MigrationItem } from '../db/entities/migrations.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import type { JourneyEvent } from '../domain/journeys/messages.ts';
import { type Arrival, landingOf } from '../domain/journeys/migrate.ts';
import type { DecideInput, JourneyRun } from '../domain/journeys/run.ts';
import type { Turn } from '../domain/journeys/turn.ts';
import { loadDefinition } from './decisions.ts';

type Order = Extract<JourneyEvent, { type: 'migrate' }>;

/** A move as a decision takes it. */
export interface Move {
  item: MigrationItem | null;
  /** The version that the journey lives by if it is accepted. */
  version: { id: ProgramVersionId; number: number };
  definition: ProgramDefinition;
  event: Order;
  /** The run as it came in. */
  from: JourneyRun | null;
  /** As it is decided upon: on the way back with what was outstanding before the move. */
  run: JourneyRun | null;
}

/**
 * The move that `event` orders, or null when it orders none. What cannot be is a conflict, which the machine refuses: nothing here throws for it, for a
 * journey must not fail over a migration.
 */
export const openMove = async (
  em: EntityManager,
  enrollment: Enrollment,
  definition: ProgramDefinition,
  { event, run }: Pick<DecideInput, 'event' | 'run'>,
): Promise<Move | null> => {
  if (event.type !== 'migrate') return null;
  const { migration, item } = await linesOf(em, event, enrollment);
  const stay = { item, version: { id: enrollment.programVersionId, number: enrollment.programVersion }, definition };
  const refused = (why: string): Move => ({
    ...stay,
    event: arriving(event, stay.version.number, conflict(why)),
    from: run,
    run,
  });
  if (!migration || !item || !run) return refused('This migration does not know this journey.');
  const wrong = event.undo ? notToUndo(migration, item, enrollment) : notToMove(migration, item, enrollment);
  if (wrong) return refused(wrong);
  const version = event.undo
    ? { id: migration.fromVersionId, number: migration.fromVersion }
    : { id: migration.toVersionId, number: migration.toVersion };
  const next = await loadDefinition(em, version.id);
  const there = { item, version, definition: next, from: run };
  const before = event.undo ? returnOf(item, run) : null;
  if (before) {
    const { effect, resolved, state } = before;
    const back = arriving(event, version.number, { lands: 'back', state, why: 'It had not moved on.' });
    return { ...there, event: back, run: { ...run, effect, resolved } };
  }
  const landing = landingOf(definition, next, run.state, event.undo ? {} : migration.mapping);
  return { ...there, event: arriving(event, version.number, landing), run };
};

/** Null where the order names nothing that is there. */
const linesOf = async (em: EntityManager, order: Order, { id: enrollmentId }: Enrollment) => {
  const { data: id } = migrationId.safeParse(order.migrationId);
  if (!id) return { migration: null, item: null };
  return {
    migration: await em.findOne(Migration, { id }),
    item: await em.findOne(MigrationItem, { migrationId: id, enrollmentId }, { populate: ['before'] }),
  };
};

const arriving = (event: Order, version: number, landing: Arrival['landing']): Order => ({
  ...event,
  arrival: { version, landing },
});

const conflict = (why: string): Arrival['landing'] => ({ lands: 'conflict', stepKey: null, why, keeps: false });

/** A line that failed for want of an answer may still be moved by the order that waited. */
const notToMove = (
  { fromVersionId }: Migration,
  { status }: MigrationItem,
  { programVersionId, programVersion }: Enrollment,
): string | null => {
  if (status !== 'planned' && status !== 'failed') return 'The migration does not want it moved any more.';
  return programVersionId === fromVersionId ? null : `It lives by version ${programVersion} by now.`;
};

const notToUndo = (
  { toVersionId }: Migration,
  { status }: MigrationItem,
  { programVersionId, programVersion }: Enrollment,
): string | null => {
  if (status !== 'moved') return 'It was not moved.';
  return programVersionId === toVersionId ? null : `It lives by version ${programVersion} by now.`;
};

/** The run before the move, where the journey has done nothing since and nothing was taken back that it waited for. */
const returnOf = ({ before, turnsAfter }: MigrationItem, run: JourneyRun): JourneyRun | null => {
  if (!before || run.turns !== turnsAfter || before.effect.kind !== 'wait') return null;
  const { pending } = before.state;
  const isHeldByOthers = pending?.kind === 'delivery' || (pending?.kind === 'hold' && pending.of !== 'event');
  const isStill =
    run.state.pending?.stepKey === pending?.stepKey && run.state.pending?.occurrence === pending?.occurrence;
  return isHeldByOthers && !isStill ? null : before;
};

/** Writes down what became of it, with the decision. */
export const settleMove = (
  { item, version, event, from, run }: Move,
  enrollment: Enrollment,
  turns: [Turn, ...Turn[]],
): void => {
  const [{ verdict }] = turns;
  const last = (turns.at(-1) ?? turns[0]).run;
  const landing = event.arrival?.landing;
  if (verdict === 'accepted') {
    enrollment.programVersionId = version.id;
    enrollment.programVersion = version.number;
  }
  if (!item || !landing) return;
  const settledAt = new Date();
  if (verdict === 'refused') {
    // What was moved already, or is not wanted, is told of by its line as it stands.
    if (item.status === 'planned') Object.assign(item, { status: 'failed', error: landing.why, settledAt });
    else if (item.status === 'moved' && event.undo)
      Object.assign(item, { status: 'skipped', error: landing.why, settledAt });
  } else if (verdict === 'accepted' && event.undo) {
    Object.assign(item, { status: 'undone', error: null, settledAt });
  } else if (verdict === 'accepted' && landing.lands !== 'back') {
    const isParkedByIt = last.state.status === 'parked' && run?.state.status !== 'parked';
    Object.assign(item, {
      ...{ status: 'moved', settledAt, tries: 0, error: isParkedByIt ? last.state.parkedReason : null },
      ...{ lands: landing.lands, fromStep: from?.state.at ?? null, toStep: landing.stepKey, why: landing.why },
      ...{ before: from, turnsAfter: last.turns },
    });
  }
};
