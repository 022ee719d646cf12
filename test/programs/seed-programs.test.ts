import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Habit, ReminderRule } from '../../shared/db/entities/habits.ts';
import { GoldenTrace, Program, ProgramVersion } from '../../shared/db/entities/programs.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { kindOf } from '../../shared/domain/journeys/steps/index.ts';
import { getDraft, saveDraft } from '../../shared/services/programs.ts';
import { type DemoProgram, readDemoPrograms } from '../../stack/demo-programs.ts';
import { seedHabits } from '../../stack/seed-habits.ts';
import { seedPrograms } from '../../stack/seed-programs.ts';
import { type GivenCreator, givenCreator } from '../support/factories.ts';

let orm: Orm;
let programs: DemoProgram[];
beforeAll(async () => {
  orm = createOrm({ databaseUrl: process.env.DATABASE_URL ?? '', poolSize: 2 });
  programs = await readDemoPrograms();
});
afterAll(() => orm.close(true));

const seed = ({ creatorId, em }: GivenCreator, from = programs) =>
  em().transactional((inside) => seedPrograms(inside, creatorId, from));

const versionsOf = async ({ em }: GivenCreator) => {
  const there = await em().find(ProgramVersion, {}, { populate: ['definition'] });
  return there.map(({ version, definition }) => `${(definition as { slug: string }).slug} ${version}`).sort();
};

const once = () => programs.map(({ slug }) => `${slug} 1`).sort();

describe('the habits that those programs give, seeded', () => {
  it('are there, each with a reminder, and come once', async () => {
    const creator = await givenCreator(orm);
    for (let times = 0; times < 2; times += 1) {
      await creator.em().transactional((em) => seedHabits(em, creator.creatorId));
    }
    const given = programs.flatMap(({ definition: { steps } }) =>
      steps.flatMap((step) => kindOf(step).givesHabit?.(step) ?? []),
    );
    const habits = await creator.em().find(Habit, {});
    expect(habits.map(({ name }) => name).sort()).toEqual([...new Set(given)].sort());
    const reminders = await creator.em().find(ReminderRule, {});
    expect(reminders.map(({ habitId }) => habitId).sort()).toEqual(habits.map(({ id }) => id).sort());
  });
});

describe('the programs that come with Cairn, seeded', () => {
  it('are published with their golden traces, and nothing changes when it is done again', async () => {
    const creator = await givenCreator(orm);
    await seed(creator);
    expect(await versionsOf(creator)).toEqual(once());
    const traces = await creator.em().find(GoldenTrace, {});
    expect(traces.length).toBeGreaterThanOrEqual(programs.length * 3);
    expect(traces.every(({ expected }) => expected.includes('=> finished'))).toBe(true);
    await seed(creator);
    expect(await versionsOf(creator)).toEqual(once());
    expect((await creator.em().find(GoldenTrace, {})).map(({ updatedAt }) => updatedAt)).toEqual(
      traces.map(({ updatedAt }) => updatedAt),
    );
  });

  it('get a new version where their file says something new, and only there', async () => {
    const creator = await givenCreator(orm);
    await seed(creator);
    const [first, ...rest] = programs;
    if (!first) throw new Error('no program comes with Cairn');
    await seed(creator, [{ ...first, definition: { ...first.definition, title: 'Another title' } }, ...rest]);
    expect(await versionsOf(creator)).toEqual([...once(), `${first.slug} 2`].sort());
  });

  it('stay as people have made them', async () => {
    const creator = await givenCreator(orm);
    await seed(creator);
    const sleep = await creator.em().findOneOrFail(Program, { slug: 'sleep' });
    const { definition } = await getDraft(creator.em(), sleep.id);
    await creator
      .em()
      .transactional((em) => saveDraft(em, sleep.id, { ...definition, title: 'Our own six weeks' }, null));
    await seed(creator);
    expect((await getDraft(creator.em(), sleep.id)).definition.title).toBe('Our own six weeks');
    expect(await versionsOf(creator)).toEqual(once());
  });
});
