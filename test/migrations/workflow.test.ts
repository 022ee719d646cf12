import { describe, expect, it, vi } from 'vitest';
import { newId } from '../../shared/contracts/ids.ts';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { Enrollment } from '../../shared/db/entities/journeys.ts';
import { Migration, MigrationItem } from '../../shared/db/entities/migrations.ts';
import { journeyId, migrationRunId } from '../../temporal/ids.ts';
import { searchAttributes } from '../../temporal/search-attributes.ts';
import { orderMigration, startMigration } from '../../temporal/start/migrations.ts';
import type { MigrationProgress } from '../../workflows/migrations/messages.ts';
import { asked, type StartedJourney, sleepingAt, startedJourney } from '../support/journey-run.ts';
import { givenMigration, givenVersion } from '../support/migrations.ts';
import { givenStage } from '../support/stage.ts';
import { asks, says } from '../support/steps.ts';

const stage = givenStage();
const waits = (key: string, days = 30) => ({ key, type: 'wait', for: { days } });

/** Journeys of one program, each brought to where `prepare` leaves it. */
const living = async (steps: object[], count = 1): Promise<StartedJourney[]> => {
  const first = await startedJourney(stage, { steps });
  const { programId, programVersionId } = await first.enrollment();
  const program = { programId, programVersionId, programVersion: 1 };
  const others = await Promise.all(
    Array.from({ length: count - 1 }, () => startedJourney(stage, { steps }, { creator: first, program })),
  );
  return [first, ...others];
};

const migrationOf = async (owner: StartedJourney, steps: object[], more: object = {}) => {
  const { programId } = await owner.enrollment();
  await givenVersion(owner, programId, 2, { steps });
  const { id } = await givenMigration(owner, programId, more);
  await startMigration(stage.world.client, { creatorId: owner.creatorId, migrationId: id });
  const handle = stage.world.client.workflow.getHandle(migrationRunId(id));
  const row = () => owner.em().findOneOrFail(Migration, { id });
  return {
    id,
    row,
    progress: () => handle.query<MigrationProgress>('progress'),
    order: (order: 'proceed' | 'stop' | 'undo' | 'pause' | 'resume') => orderMigration(stage.world.client, id, order),
    is: (status: string) => vi.waitFor(async () => expect((await row()).status).toBe(status), { timeout: 10_000 }),
    items: () => owner.em().find(MigrationItem, { migrationId: id }, { orderBy: { enrollmentId: 'asc' } }),
  };
};

const versionShown = async ({ enrollmentId }: StartedJourney) => {
  const { typedSearchAttributes } = await stage.world.client.workflow.getHandle(journeyId(enrollmentId)).describe();
  return typedSearchAttributes.get(searchAttributes.programVersion);
};

describe('a migration', () => {
  it('wakes a sleeping journey, which goes on by the new version', async () => {
    const [journey] = (await living([says('hello'), waits('rest'), says('old')])) as [StartedJourney];
    await journey.until(sleepingAt('rest'));
    const migration = await migrationOf(journey, [says('hello'), waits('rest', 2), says('new')]);
    await migration.is('done');

    expect(await journey.enrollment()).toMatchObject({ programVersion: 2, stepKey: 'rest' });
    expect(await versionShown(journey)).toBe('2');
    expect(await migration.items()).toMatchObject([{ status: 'moved', lands: 'same', toStep: 'rest', error: null }]);
    expect(await journey.result()).toBe('completed');
    expect(await journey.texts()).toEqual(['hello', 'new']);
    const waited = (await journey.timeline()).map(({ kind, detail }) => [kind, detail.version]);
    expect(waited).toContainEqual(['moved', 2]);
  });

  it('keeps questions open, and who is paused or parked where they are', async () => {
    const [answering, paused, parked] = (await living([asks('mood'), says('thanks'), waits('rest')], 3)) as [
      StartedJourney,
      StartedJourney,
      StartedJourney,
    ];
    for (const journey of [answering, paused, parked]) await journey.until(asked);
    await paused.tell('pause', { id: 'p' });
    await parked.em().execute('update identities set blocked_at = now() where coachee_id = ?', [parked.coacheeId]);
    await parked.tell('reply', { id: 'a', text: 'fine' });
    await parked.until(({ status }) => status === 'parked');
    await parked.em().execute('update identities set blocked_at = null where coachee_id = ?', [parked.coacheeId]);

    const steps = [asks('mood', { text: 'And how now?' }), says('thanks', 'So {{answers.mood}}!'), waits('nap', 1)];
    await (await migrationOf(answering, steps)).is('done');

    expect(await answering.tell('reply', { id: 'r', text: 'good' })).toBe('accepted');
    await answering.until(sleepingAt('nap'));
    expect(await answering.texts()).toEqual(['mood?', 'So good!']);
    expect(await paused.progress()).toMatchObject({ status: 'paused', stepKey: 'mood' });
    await paused.tell('resume', { id: 'r' });
    expect(await paused.tell('reply', { id: 's', text: 'well' })).toBe('accepted');
    expect(await parked.progress()).toMatchObject({ status: 'parked', stepKey: 'thanks' });
    expect(await parked.tell('retry', { id: 't' })).toBe('accepted');
    await parked.until(sleepingAt('nap'));
    expect(await parked.texts()).toEqual(['mood?', 'So fine!']);
  });

  it('moves the canary cohort, waits for the word, then moves the others', async () => {
    const journeys = await living([waits('rest')], 5);
    for (const journey of journeys) await journey.until(sleepingAt('rest'));
    const canary = { canary: { count: 2 }, canaryPauseSeconds: 86_400 };
    const migration = await migrationOf(journeys[0] as StartedJourney, [waits('rest', 31)], canary);
    await migration.is('waiting');
    const moved = (await migration.items()).filter(({ status }) => status === 'moved');
    expect(moved.map((item) => item.canary)).toEqual([true, true]);

    await migration.order('proceed');
    await migration.is('done');
    expect(await migration.progress()).toMatchObject({ status: 'done', counts: { moved: 5, planned: 0 } });
  });

  it('stops when too many fail, and leaves the others where they are', async () => {
    const journeys = await living([waits('rest')], 4);
    const [first] = journeys as [StartedJourney];
    for (const journey of journeys) await journey.until(sleepingAt('rest'));
    for (const { enrollmentId } of journeys) {
      await stage.world.client.workflow.getHandle(journeyId(enrollmentId)).terminate();
    }
    const more = { canary: { count: 2 }, stopAt: { errorRate: 0.1, afterAtLeast: 1 } };
    const migration = await migrationOf(first, [waits('rest', 31)], more);
    await migration.is('stopped');
    const statuses = (await migration.items()).map(({ status }) => status).sort();
    expect(statuses).toEqual(['failed', 'failed', 'skipped', 'skipped']);
    expect((await migration.row()).why).toContain('2 of 2 journeys failed');
    expect(await first.enrollment()).toMatchObject({ programVersion: 1 });
  });

  it('leaves out who has ended meanwhile', async () => {
    const [leaver, stayer] = (await living([waits('rest')], 2)) as [StartedJourney, StartedJourney];
    for (const journey of [leaver, stayer]) await journey.until(sleepingAt('rest'));
    const more = { canary: { count: 1 }, canaryPauseSeconds: 86_400 };
    const migration = await migrationOf(leaver, [waits('rest', 31)], more);
    await migration.is('waiting');
    const left = (await migration.items()).find(({ status }) => status === 'planned') as MigrationItem;
    const journey = left.enrollmentId === leaver.enrollmentId ? leaver : stayer;
    await journey.tell('exit', { id: 'x' });
    await migration.order('proceed');
    await migration.is('done');
    const after = (await migration.items()).find(({ enrollmentId }) => enrollmentId === left.enrollmentId);
    expect(after).toMatchObject({ status: 'skipped', error: 'The journey has ended.' });
  });

  it('is undone: back to just where they were, or to the same step where they have moved on', async () => {
    const steps = [asks('mood'), waits('rest')];
    const [still, further, astray] = (await living(steps, 3)) as [StartedJourney, StartedJourney, StartedJourney];
    for (const journey of [still, further, astray]) await journey.until(asked);
    const before = await still
      .em()
      .findOneOrFail(Enrollment, { id: still.enrollmentId }, { populate: ['lastDecision'] });
    const migration = await migrationOf(still, [asks('feeling'), asks('more'), waits('rest')], {
      mapping: { mood: { goTo: 'feeling' } },
    });
    await migration.is('done');
    await further.tell('reply', { id: 'a', text: 'x' });
    await further.until((now) => asked(now) && now.stepKey === 'more');
    await further.tell('reply', { id: 'b', text: 'y' });
    await further.until(sleepingAt('rest'));
    await astray.tell('reply', { id: 'a', text: 'x' });
    await astray.until((now) => asked(now) && now.stepKey === 'more');

    await migration.order('undo');
    await migration.is('undone');

    const after = await still
      .em()
      .findOneOrFail(Enrollment, { id: still.enrollmentId }, { populate: ['lastDecision'] });
    const { handled: _a, ...was } = before.lastDecision?.run.state ?? { handled: [] };
    const { handled: _b, ...is } = after.lastDecision?.run.state ?? { handled: [] };
    expect(is).toEqual(was);
    expect(after.programVersion).toBe(1);
    expect(await versionShown(still)).toBe('1');
    expect(await further.enrollment()).toMatchObject({ programVersion: 1, stepKey: 'rest' });
    expect(await astray.enrollment()).toMatchObject({ programVersion: 2, stepKey: 'more' });
    const byId = new Map((await migration.items()).map((item) => [item.enrollmentId, item]));
    expect(byId.get(still.enrollmentId)?.status).toBe('undone');
    expect(byId.get(further.enrollmentId)?.status).toBe('undone');
    expect(byId.get(astray.enrollmentId)).toMatchObject({
      status: 'skipped',
      error: expect.stringContaining('no step more'),
    });
    expect(await still.tell('reply', { id: 'z', text: 'calm' })).toBe('accepted');
    expect((await still.until(sleepingAt('rest'))).stepKey).toBe('rest');
  });

  it('goes on where its journeys were told and the answer was lost', async () => {
    const [journey] = (await living([waits('rest')])) as [StartedJourney];
    await journey.until(sleepingAt('rest'));
    const { programId } = await journey.enrollment();
    await givenVersion(journey, programId, 2, { steps: [waits('rest', 31)] });
    const { id } = await givenMigration(journey, programId);
    const payload = { id: `${id}/${journey.enrollmentId}`, migrationId: id };
    expect(await journey.tell('migrate', payload)).toBe('accepted');
    expect(await journey.tell('migrate', payload)).toBe('duplicate');
    for (const unknown of [newId(), 'no uuid']) {
      expect(await journey.tell('migrate', { id: newId(), migrationId: unknown })).toBe('refused');
    }
    await startMigration(stage.world.client, { creatorId: journey.creatorId, migrationId: id });
    await vi.waitFor(async () => {
      expect((await journey.em().findOneOrFail(Migration, { id })).status).toBe('done');
    });
    expect((await journey.timeline()).filter(({ kind }) => kind === 'moved')).toHaveLength(1);
    expect(await journey.em().count(Delivery, { enrollmentId: journey.enrollmentId })).toBe(0);
  });
});
