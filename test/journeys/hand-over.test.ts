/** On the web chat a message is sent by being written down: with the decision, once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Delivery, Identity } from '../../shared/db/entities/channels.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import type { JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import { givenDecisions } from '../support/decisions.ts';
import { testConfig } from '../support/environment.ts';
import { givenChannel } from '../support/factories.ts';

let orm: Orm;
beforeAll(() => {
  orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
});
afterAll(() => orm.close(true));

const start: JourneyEvent = { type: 'start' };
const says = (key: string) => ({ key, type: 'message', text: `Now ${key}, {{traits.mood}}` });
const steps = [
  says('first'),
  { key: 'mark', type: 'set', trait: 'mood', value: 'calm' },
  says('second'),
  { key: 'night', type: 'wait', for: { hours: 8 } },
  says('third'),
];

describe('messages for the web chat', () => {
  it('are sent with the decision, up to where the journey waits, and announced once', async () => {
    const journey = await givenDecisions(orm, 'web', steps);
    const { run, verdict } = await journey.decide(null, start);

    expect(verdict).toBe('accepted');
    expect(run.effect).toMatchObject({ kind: 'wait', stepKey: 'night' });
    expect(await journey.seen()).toEqual(['1 Now first, ', '2 Now second, calm']);
    expect(await journey.traits()).toEqual({ mood: 'calm' });
    expect((await journey.deliveries()).map(({ status, attempts }) => [status, attempts])).toEqual([
      ['sent', 1],
      ['sent', 1],
    ]);
    expect((await journey.timeline()).filter((line) => line.startsWith('sent'))).toEqual(['sent first', 'sent second']);
    expect(journey.announced).toEqual([journey.coacheeId]);
  });

  it('are not sent again by an attempt that follows a lost one', async () => {
    const journey = await givenDecisions(orm, 'web', steps);
    const first = await journey.decide(null, start);
    const again = await journey.decide(null, start);

    expect(again.run).toEqual(first.run);
    expect(await journey.seen()).toHaveLength(2);
  });

  it('are not sent again by a run that was reset', async () => {
    const journey = await givenDecisions(orm, 'web', steps);
    await journey.decide(null, start);
    const { run } = await journey.decide(null, start, 'reset');

    expect(run.effect).toMatchObject({ kind: 'wait', stepKey: 'night' });
    expect(await journey.inLedger()).toEqual(['first', 'second']);
    expect(await journey.seen()).toHaveLength(2);
  });

  it('keep what the ledger says of them', async () => {
    const journey = await givenDecisions(orm, 'web', [says('first'), says('second')]);
    await journey.decide(null, start);
    const [delivery] = await journey.deliveries();
    const ambiguous = { status: 'ambiguous', reason: 'nobody knows' } as const;
    await journey.em().nativeUpdate(Delivery, { id: delivery?.id ?? null }, ambiguous);
    await journey.decide(null, start, 'reset');

    expect((await journey.timeline()).slice(-5)).toContain('ambiguous first');
  });

  it('are left to a send that was begun before', async () => {
    const journey = await givenDecisions(orm, 'web', [says('first'), says('second')]);
    await journey.decide(null, start);
    const [delivery] = await journey.deliveries();
    await journey.em().nativeUpdate(Delivery, { id: delivery?.id ?? null }, { status: 'reserved' });
    const { run } = await journey.decide(null, start, 'reset');

    expect(run.effect).toMatchObject({ kind: 'send', stepKey: 'first' });
    expect(await journey.deliveries()).toHaveLength(2);
  });

  it('come in portions where a program has very many on end', async () => {
    const many = Array.from({ length: 25 }, (_, index) => says(`m${index}`));
    const journey = await givenDecisions(orm, 'web', many);
    const { run } = await journey.decide(null, start);

    expect(await journey.seen()).toHaveLength(19);
    expect(run.effect).toMatchObject({ kind: 'send', stepKey: 'm19' });
    expect((await journey.deliveries()).at(-1)).toMatchObject({ status: 'planned' });
  });
});

describe('messages for a provider', () => {
  it('are emails also where the web chat is open, and media go along', async () => {
    const tree = { kind: 'image', url: 'https://example.org/tree.png', title: 'A tree' };
    const letter = { key: 'letter', type: 'email', subject: 'Week one', text: 'Dear you' };
    const journey = await givenDecisions(orm, 'web', [{ ...says('first'), media: [tree] }, letter, says('second')]);
    const { run } = await journey.decide(null, start);

    expect(run.effect).toMatchObject({ kind: 'send', stepKey: 'letter' });
    expect((await journey.deliveries()).map(({ status }) => status)).toEqual(['sent', 'planned']);
    const rows = await journey.em().find(Message, { coacheeId: journey.coacheeId }, { orderBy: { id: 'asc' } });
    expect(rows.map(({ media, subject }) => [media, subject])).toEqual([
      [[tree], null],
      [null, 'Week one'],
    ]);
  });

  it('are planned, and the decision ends with each', async () => {
    const journey = await givenDecisions(orm, 'telegram', steps);
    const { run } = await journey.decide(null, start);

    expect(run.effect).toMatchObject({ kind: 'send', stepKey: 'first' });
    expect((await journey.deliveries()).map(({ status }) => status)).toEqual(['planned']);
    expect(await journey.seen()).toEqual([]);
    expect(journey.announced).toEqual([]);
  });

  it('go where the coachee wrote last, although the web chat is open too', async () => {
    const journey = await givenDecisions(orm, 'web', steps);
    const channelId = await givenChannel(journey, 'telegram');
    const [identity] = await journey.em().find(Identity, { coacheeId: journey.coacheeId });
    const { id: _, createdAt: __, ...web } = identity as Identity;
    const id = crypto.randomUUID() as Identity['id'];
    await journey.em().insert(Identity, { ...web, id, channelId, address: id, lastInboundAt: new Date() });
    const { run } = await journey.decide(null, start);

    expect(run.effect).toMatchObject({ kind: 'send', stepKey: 'first' });
  });
});
