/** What a journey's decision knows of its coachee. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CoacheeId } from '../contracts/ids.ts';
import { Habit } from '../db/entities/habits.ts';
import { type Coachee, Entitlement } from '../db/entities/journeys.ts';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import { CHECK_INS_KEPT } from '../domain/journeys/facts.ts';
import type { CoacheeFacts } from '../domain/journeys/state.ts';

/** Reads entitlements, check-ins and habits only for programs that look at them. */
export const factsOf = async (
  em: EntityManager,
  { id, name, language = null, traits, tags }: Coachee,
  definition: ProgramDefinition,
): Promise<CoacheeFacts> => {
  const { entitlements, checkIns, habits } = readsOf(definition);
  return {
    ...{ id, name, language, traits, tags },
    entitlements: entitlements ? await entitlementsOf(em, id) : [],
    checkIns: checkIns ? await checkInsOf(em, id) : {},
    ...(habits && { habits: await habitsOf(em) }),
  };
};

interface Reads {
  entitlements: boolean;
  checkIns: boolean;
  /** Of the creator. */
  habits: boolean;
}

const known = new WeakMap<ProgramDefinition, Reads>();

const readsOf = (definition: ProgramDefinition): Reads => {
  const found = known.get(definition);
  if (found) return found;
  const text = JSON.stringify(definition);
  const reads = {
    entitlements: text.includes('"entitled":') || text.includes('"type":"paymentGate"'),
    checkIns: text.includes('"adherence":'),
    habits: text.includes('"type":"habit"'),
  };
  known.set(definition, reads);
  return reads;
};

const entitlementsOf = async (em: EntityManager, coacheeId: CoacheeId): Promise<string[]> => {
  const rows = await em.find(Entitlement, { coacheeId });
  return rows.map(({ name }) => name);
};

const habitsOf = async (em: EntityManager): Promise<NonNullable<CoacheeFacts['habits']>> => {
  const habits = await em.find(Habit, {});
  return Object.fromEntries(habits.map(({ name, archivedAt }) => [name, archivedAt ? 'putAway' : 'open']));
};

/** Of a habit that the coachee keeps its days, as they were judged; of any other what journeys were answered. */
const checkInsOf = async (em: EntityManager, coacheeId: CoacheeId): Promise<Record<string, boolean[]>> => {
  const rows = await em.execute<{ habit: string; done: boolean[] }[]>(
    `select habit, array_agg(done order by date, id) as done from (
       select *, row_number() over (partition by habit order by date desc, id desc) as place from (
         select habit, done, substr(local_time, 5, 10) as date, id from check_ins where coachee_id = :coacheeId and habit_id is null
         union all
         select h.name, d.status = 'done', d.date, d.habit_id from habit_days d join habits h on h.id = d.habit_id
         where d.coachee_id = :coacheeId and d.status in ('done', 'partial', 'missed', 'frozen')
       ) known
     ) latest where place <= :most group by habit`,
    { coacheeId, most: CHECK_INS_KEPT },
  );
  return Object.fromEntries(rows.map(({ habit, done }) => [habit, done]));
};
