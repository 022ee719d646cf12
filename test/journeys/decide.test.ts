/** A decision is made once, although the worker may end between its commit and the server's knowing of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import type { JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import { givenDecisions } from '../support/decisions.ts';
import { testConfig } from '../support/environment.ts';

let orm: Orm;
beforeAll(() => {
  orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
});
afterAll(() => orm.close(true));

const says = (key: string, more = {}) => ({ key, type: 'message', text: key, ...more });

/** On a channel with a provider, so that each message ends a decision. */
const given = (steps: object[]) => givenDecisions(orm, 'telegram', steps);

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
    expect(await journey.inLedger()).toEqual(['first']);
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
    expect(await journey.inLedger()).toEqual(['ask', 'thanks']);
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
