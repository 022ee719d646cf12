/** A decision is made once, although the worker may end between its commit and the server's knowing of it. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJourneyActivities } from '../../activities/journeys/activities.ts';
import { createGuardedFetch } from '../../shared/clients/guarded-fetch.ts';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { Coachee, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import type { JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import type { DecideOutput, JourneyRun } from '../../shared/domain/journeys/run.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { testConfig } from '../support/environment.ts';
import { givenCoachee, givenCreator, givenEnrollment, givenProgram } from '../support/factories.ts';

const config = testConfig();
let orm: Orm;
beforeAll(() => {
  orm = createOrm({ databaseUrl: config.DATABASE_URL });
});
afterAll(() => orm.close(true));

const says = (key: string, more = {}) => ({ key, type: 'message', text: key, ...more });

/** A journey whose decisions are asked for by hand, as an attempt of a workflow task would. */
const given = async (steps: object[]) => {
  const owner = await givenCreator(orm);
  const program = await givenProgram(owner, { steps });
  const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
  const enrollmentId = await givenEnrollment(owner, program, coacheeId);
  const { decide } = createJourneyActivities({
    orm,
    ports: {},
    vault: createVault(config.CAIRN_ENCRYPTION_KEYS),
    announce: async () => {},
    guardedFetch: createGuardedFetch({ allowPrivate: false }),
  });
  const environment = new MockActivityEnvironment({
    workflowExecution: { workflowId: 'journey', runId: enrollmentId },
  });
  let nowMs = Date.parse('2026-11-23T08:00:00Z');
  return {
    decide: (run: JourneyRun | null, event: JourneyEvent): Promise<DecideOutput> => {
      nowMs += 1000;
      return environment.run(decide, { creatorId: owner.creatorId, enrollmentId, run, event, nowMs });
    },
    timeline: async () => {
      const rows = await owner.em().find(TimelineEntry, { enrollmentId }, { orderBy: { id: 'asc' } });
      return rows.map(({ kind, stepKey }) => [kind, stepKey].join(' '));
    },
    planned: async () =>
      (await owner.em().find(Delivery, { enrollmentId }, { orderBy: { id: 'asc' } })).map(
        ({ key }) => key.split('/')[2],
      ),
    traits: async () => (await owner.em().findOneOrFail(Coachee, { id: coacheeId })).traits,
  };
};

const start: JourneyEvent = { type: 'start' };
const delivered = (stepKey: string): JourneyEvent => ({ type: 'delivered', stepKey, occurrence: 1, outcome: 'sent' });
const due = (stepKey: string): JourneyEvent => ({ type: 'due', stepKey, occurrence: 1 });
const reply = (id: string): JourneyEvent => ({ type: 'reply', id, text: 'Yes' });

describe('a decision that was committed and is asked for again', () => {
  it('is the first one, although it has changed what it was made on', async () => {
    const journey = await given([
      { key: 'fork', type: 'branch', cases: [{ when: { trait: 'seen', exists: true }, goTo: 'again' }], next: 'mark' },
      { key: 'mark', type: 'set', trait: 'seen', value: true },
      says('first', { next: 'end' }),
      says('again'),
      { key: 'end', type: 'finish' },
    ]);
    const first = await journey.decide(null, start);
    const second = await journey.decide(null, start);

    expect(second.run).toEqual(first.run);
    expect(second.verdict).toBe('accepted');
    expect(await journey.planned()).toEqual(['first']);
    expect(await journey.timeline()).toEqual([
      'started ',
      'entered fork',
      'branched fork',
      'entered mark',
      'traitSet mark',
      'entered first',
    ]);
  });

  it('stands against another event that came in meanwhile, which is looked at after it', async () => {
    const journey = await given([
      {
        key: 'ask',
        type: 'ask',
        text: 'Well?',
        answer: { kind: 'yesNo' },
        timeout: { after: { hours: 1 }, goTo: 'late' },
      },
      { key: 'kept', type: 'set', trait: 'answered', value: true },
      says('thanks', { next: 'end' }),
      says('late'),
      { key: 'end', type: 'finish' },
    ]);
    const asking = await journey.decide(null, start);
    const { run: waiting } = await journey.decide(asking.run, delivered('ask'));
    // The reply was decided; then the worker ended, and the next attempt sees the timeout first.
    const answered = await journey.decide(waiting, reply('r1'));
    const caughtUp = await journey.decide(waiting, due('ask'));

    expect(caughtUp).toMatchObject({ run: answered.run, caughtUp: true });
    expect(await journey.planned()).toEqual(['ask', 'thanks']);
    expect(await journey.traits()).toEqual({ answered: true });
    expect(await journey.timeline()).not.toContain('timedOut ask');
    expect((await journey.decide(caughtUp.run, reply('r1'))).verdict).toBe('duplicate');
  });

  it('is caught up with over several decisions of one lost attempt', async () => {
    const journey = await given([{ key: 'pause', type: 'wait', for: { hours: 1 } }, says('bye')]);
    const { run: waiting } = await journey.decide(null, start);
    const stopped = await journey.decide(waiting, { type: 'pause', id: 'p1' });
    const resumed = await journey.decide(stopped.run, { type: 'resume', id: 'p2' });

    const caughtUp = await journey.decide(waiting, { type: 'pause', id: 'p1' });
    expect(caughtUp).toMatchObject({ run: resumed.run, caughtUp: true });
    expect((await journey.decide(caughtUp.run, { type: 'pause', id: 'p1' })).verdict).toBe('duplicate');
    expect((await journey.timeline()).filter((line) => line.startsWith('paused'))).toHaveLength(1);
  });
});
