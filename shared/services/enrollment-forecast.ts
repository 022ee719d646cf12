/** The dry run of an import: tells what would come of it, and writes nothing. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { EnrollmentForecast } from '../contracts/enrollment-imports.ts';
import type { ProgramId } from '../contracts/ids.ts';
import type { Reentry } from '../domain/journeys/definition.ts';
import { type Prospect, prospects, type Standing } from '../domain/journeys/enrollment-forecast.ts';
import type { NewcomerRow } from '../domain/journeys/enrollment-imports.ts';
import { mayReenter } from '../domain/journeys/reentry.ts';
import { doorOf, getCohort, hasStarted } from './cohorts.ts';
import { type ImportInput, refuseNoProgram } from './enrollment-imports.ts';

const MOST_ERRORS = 1_000;
const FALLBACK_ZONE = 'UTC';

const REFUSED: Partial<Record<Prospect, string>> = {
  notAgain: 'This coachee may not live this program again (yet).',
  full: 'The cohort is full.',
  closed: 'The cohort is closed.',
  started: 'The cohort has started.',
};

/** Looks at every row as the import would. Throws CairnError `notFound`, and `conflict` when the program is not published. */
export const forecast = async (
  em: EntityManager,
  { programId, cohortId, rows }: Omit<ImportInput, 'creatorId'>,
): Promise<EnrollmentForecast> => {
  await refuseNoProgram(em, { programId, cohortId });
  const fitting = rows.flatMap((row) => ('newcomer' in row ? [row] : []));
  const cohort = cohortId && (await getCohort(em, cohortId));
  const known = await knownPeople(
    em,
    programId,
    fitting.map(({ newcomer }) => newcomer),
  );
  const reentry = await reentryOf(em, programId);
  const zones = new Map<string, boolean>();
  const startedIn = (zone: string): boolean => {
    const before = zones.get(zone) ?? (cohort ? hasStarted(cohort, zone) : false);
    zones.set(zone, before);
    return before;
  };
  const standings = fitting.map(({ newcomer }): Standing => {
    const person = newcomer.externalId === null ? undefined : known.get(newcomer.externalId);
    const zone = person?.time_zone ?? newcomer.timeZone ?? FALLBACK_ZONE;
    return {
      isKnown: person !== undefined,
      livesInIt: person?.lives_in_it ?? false,
      reentry: mayReenter(reentry, person?.last_ended_ms ?? null, Date.now()),
      hasStarted: startedIn(zone),
    };
  });
  const door = cohort ? await doorOf(em, cohort, FALLBACK_ZONE) : null;
  const outlook = prospects(standings, door);
  const count = (...wanted: Prospect[]) => outlook.filter((one) => wanted.includes(one)).length;
  const refusals = fitting.flatMap(({ line }, index) => {
    const message = REFUSED[outlook[index] ?? 'new'];
    return message === undefined ? [] : [{ line, column: null, message }];
  });
  const faults = rows.flatMap((row) =>
    'errors' in row ? row.errors.map((error) => ({ line: row.line, ...error })) : [],
  );
  return {
    ...{ rows: rows.length, bad: rows.length - fitting.length, refused: refusals.length },
    ...{ newCoachees: count('new'), knownCoachees: count('known'), alreadyEnrolled: count('alreadyIn') },
    errors: [...faults, ...refusals].sort((a, b) => a.line - b.line).slice(0, MOST_ERRORS),
  };
};

interface KnownPerson {
  external_id: string;
  time_zone: string;
  lives_in_it: boolean;
  last_ended_ms: number | null;
}

const knownPeople = async (em: EntityManager, programId: ProgramId, newcomers: NewcomerRow[]) => {
  const names = newcomers.flatMap(({ externalId }) => (externalId === null ? [] : [externalId]));
  const rows = await em.execute<KnownPerson[]>(
    `select c.external_id, c.time_zone, coalesce(bool_or(e.id is not null and e.ended_at is null), false) as lives_in_it,
       extract(epoch from max(e.ended_at) filter (where not e.is_test and e.parent_key is null and e.run_started_at is not null))::float8 * 1000 as last_ended_ms
     from jsonb_array_elements_text(?::jsonb) as name join coachees c on c.external_id = name
       left join enrollments e on e.coachee_id = c.id and e.program_id = ?
     group by c.id`,
    [JSON.stringify(names), programId],
  );
  return new Map(rows.map((row) => [row.external_id, row]));
};

const reentryOf = async (em: EntityManager, programId: ProgramId): Promise<Reentry> => {
  const [row] = await em.execute<{ reentry: Reentry | null }[]>(
    `select v.enrollment -> 'reentry' as reentry from programs p
       join program_versions v on v.program_id = p.id and v.version = p.published_version where p.id = ?`,
    [programId],
  );
  return row?.reentry ?? 'afterEnd';
};
