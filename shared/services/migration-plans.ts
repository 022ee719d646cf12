/** Where the running journeys of a version would land in another one: the preview, and the plan of a migration. The journeys' runs are not touched. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page, PageQuery } from '../contracts/http.ts';
import { type CreatorId, type EnrollmentId, type MigrationId, newId, type ProgramId } from '../contracts/ids.ts';
import type { MigrationRequest, PreviewRequest } from '../contracts/migrations.ts';
import { Migration } from '../db/entities/migrations.ts';
import type { ProgramVersion } from '../db/entities/programs.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import { type Landing, type Lands, landingOf, mappingErrors } from '../domain/journeys/migrate.ts';
import type { StepKey } from '../domain/journeys/state.ts';
import { conflict, invalid } from '../errors.ts';
import { idAfter, toPage } from './paging.ts';
import { getVersion } from './program-versions.ts';
import { getProgram } from './programs.ts';

/** Who is moved: every journey of the version that has a run and is not over. The projected step is written with each decision, so it is where the run stands. */
const RUNNING = `program_version_id = ? and ended_at is null and status <> 'invited'`;

export interface PreviewItem {
  enrollmentId: EnrollmentId;
  status: 'active' | 'paused' | 'parked';
  stepKey: StepKey | null;
  landing: Landing;
}

export interface Preview extends Page<PreviewItem> {
  counts: Record<Lands, number>;
  conflicts: { stepKey: StepKey; journeys: number; why: string }[];
}

/** Throws CairnError `notFound`; `invalid` for a mapping that names steps which are not there. */
export const previewMigration = async (
  em: EntityManager,
  programId: ProgramId,
  request: PreviewRequest,
  page: PageQuery,
): Promise<Preview> => {
  const plan = await openPlan(em, programId, request);
  return { ...summaryOf(plan), ...(await pageOfPlan(em, plan, page)) };
};

interface Plan {
  from: ProgramVersion;
  to: ProgramVersion;
  /** How many journeys stand at each step, and where they land. */
  groups: { stepKey: StepKey | null; journeys: number; landing: Landing }[];
}

const openPlan = async (
  em: EntityManager,
  programId: ProgramId,
  { fromVersion, toVersion, mapping }: PreviewRequest,
): Promise<Plan> => {
  await getProgram(em, programId);
  const from = await getVersion(em, programId, fromVersion);
  const to = await getVersion(em, programId, toVersion);
  const old = from.definition as ProgramDefinition;
  const next = to.definition as ProgramDefinition;
  const wrong = mappingErrors(old, next, mapping);
  if (wrong.length > 0) {
    const fields = wrong.map(({ path, message }) => ({ path: `mapping.${path}`, message }));
    throw invalid('The mapping does not fit the versions.', fields);
  }
  const rows = await em.execute<{ step_key: StepKey | null; journeys: number }[]>(
    `select step_key, count(*)::int as journeys from enrollments where ${RUNNING} group by step_key order by step_key`,
    [from.id],
  );
  const groups = rows.map(({ step_key: stepKey, journeys }) => {
    return { stepKey, journeys, landing: landingOf(old, next, { at: stepKey }, mapping) };
  });
  return { from, to, groups };
};

const summaryOf = ({ groups }: Plan): Pick<Preview, 'counts' | 'conflicts'> => {
  const counts = { same: 0, mapped: 0, restart: 0, finish: 0, conflict: 0 };
  for (const { journeys, landing } of groups) counts[landing.lands] += journeys;
  const conflicts = groups.flatMap(({ stepKey, journeys, landing }) =>
    landing.lands === 'conflict' && stepKey !== null ? [{ stepKey, journeys, why: landing.why }] : [],
  );
  return { counts, conflicts };
};

const pageOfPlan = async (
  em: EntityManager,
  { from, groups }: Plan,
  { limit, cursor }: PageQuery,
): Promise<Page<PreviewItem>> => {
  const rows = await em.execute<{ id: EnrollmentId; status: PreviewItem['status']; step_key: StepKey | null }[]>(
    `select id, status, step_key from enrollments where ${RUNNING} and (?::uuid is null or id > ?::uuid) order by id limit ?`,
    [from.id, idAfter<EnrollmentId>(cursor), idAfter<EnrollmentId>(cursor), limit + 1],
  );
  const page = toPage(rows, limit, ({ id }) => [id]);
  const landings = new Map(groups.map(({ stepKey, landing }) => [stepKey, landing]));
  const items = page.items.flatMap(({ id: enrollmentId, status, step_key: stepKey }) => {
    const landing = landings.get(stepKey);
    return landing ? [{ enrollmentId, status, stepKey, landing }] : [];
  });
  return { ...page, items };
};

/**
 * Makes a migration with a line for every journey; its run is to be started once that has committed. The canary cohort is drawn by a hash of the
 * enrollment's id: the same journeys however often it is asked.
 * @throws CairnError as `previewMigration`; `conflict` while journeys have no place in the new version, or another migration of the program is at work.
 */
export const planMigration = async (
  em: EntityManager,
  creatorId: CreatorId,
  programId: ProgramId,
  request: MigrationRequest,
): Promise<Migration> => {
  const plan = await openPlan(em, programId, request);
  const { counts, conflicts } = summaryOf(plan);
  if (counts.conflict > 0) {
    throw conflict(`${counts.conflict} journeys stand at steps that need a mapping.`, { conflicts });
  }
  const { from, to, groups } = plan;
  const { fromVersion, toVersion, mapping, canary, canaryPauseSeconds, stopAt, undoWithinHours } = request;
  const journeys = groups.reduce((sum, group) => sum + group.journeys, 0);
  const id = newId<MigrationId>();
  const { affectedRows } = await em
    .createQueryBuilder(Migration)
    .insert({
      ...{ id, creatorId, programId, fromVersionId: from.id, toVersionId: to.id, fromVersion, toVersion, mapping },
      ...{ canary: canaryOf(canary, journeys), canaryPauseSeconds, stopAt, undoWithinHours, status: 'planned' },
    })
    .onConflict()
    .ignore()
    .execute('run');
  // The index of migrations at work has turned it away.
  if (affectedRows === 0) throw conflict('Another migration of this program is at work.');
  for (const group of groups) await planItems(em, { id, creatorId, from }, group);
  await drawCanary(em, id);
  return em.findOneOrFail(Migration, { id });
};

const canaryOf = (canary: MigrationRequest['canary'], journeys: number): number => {
  if (!canary) return 0;
  return 'count' in canary ? Math.min(canary.count, journeys) : Math.ceil((journeys * canary.percent) / 100);
};

const planItems = async (
  em: EntityManager,
  { id, creatorId, from }: { id: MigrationId; creatorId: CreatorId; from: ProgramVersion },
  { stepKey, landing }: Plan['groups'][number],
): Promise<void> => {
  const { lands, stepKey: toStep, why } = landing;
  await em.execute(
    `insert into migration_items (creator_id, migration_id, enrollment_id, canary, from_step, lands, to_step, why, status)
     select ?, ?, id, false, ?, ?, ?, ?, 'planned' from enrollments where ${RUNNING} and step_key is not distinct from ?`,
    [creatorId, id, stepKey, lands, toStep, why, from.id, stepKey],
  );
};

const drawCanary = async (em: EntityManager, id: MigrationId): Promise<void> => {
  await em.execute(
    `update migration_items i set canary = true from (
       select enrollment_id from migration_items where migration_id = ? order by md5(enrollment_id::text)
       limit (select canary from migrations where id = ?)
     ) chosen where i.migration_id = ? and i.enrollment_id = chosen.enrollment_id`,
    [id, id, id],
  );
};
