/** Late messages on the real database: joined into one, which goes before whatever the journey does next. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Message } from '../../shared/db/entities/conversations.ts';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import type { ChannelKind } from '../../shared/domain/channels/deliveries.ts';
import { givenDecisions } from '../support/decisions.ts';
import { testConfig } from '../support/environment.ts';
import { asks, says } from '../support/steps.ts';

let orm: Orm;
beforeAll(() => {
  orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
});
afterAll(() => orm.close(true));

/** Days before the decisions' own time. */
const on = (date: string) => ({ key: `on-${date}`, type: 'wait', until: { date, time: '09:00' } });
const behind = [on('2026-11-20'), says('one'), on('2026-11-21'), says('two')];
const rest = { key: 'rest', type: 'wait', for: { days: 1 } };

const begun = async (channel: ChannelKind, steps: object[]) => {
  const journey = await givenDecisions(orm, channel, [...behind, ...steps]);
  return { ...journey, first: await journey.decide(null, { type: 'start' }) };
};

describe('late messages', () => {
  it('on the web chat are one message of the decision that comes upon them', async () => {
    const { seen, first, inLedger } = await begun('web', [rest]);

    expect(await seen()).toEqual(['1 one\n\ntwo']);
    expect(await inLedger()).toEqual(['two']);
    expect(first.run.effect).toMatchObject({ kind: 'wait', stepKey: 'rest' });
  });

  it('on a channel with a provider are sent as one before the journey rests', async () => {
    const { decide, deliveries, em, coacheeId, first } = await begun('telegram', [rest]);

    expect(first.run.effect).toMatchObject({ kind: 'send', stepKey: 'two', summary: 'Send 2 messages in one' });
    const [message] = await em().find(Message, { coacheeId });
    expect(message?.text).toBe('one\n\ntwo');
    expect(await deliveries()).toHaveLength(1);

    const { run } = await decide(first.run, { type: 'delivered', stepKey: 'two', occurrence: 1, outcome: 'sent' });
    expect(run.effect).toMatchObject({ kind: 'wait', stepKey: 'rest' });
    expect(run.after).toBeUndefined();
    expect(await deliveries()).toHaveLength(1);
  });

  it('stand before a question that is asked at that moment', async () => {
    const { first, em, coacheeId } = await begun('telegram', [asks('mood')]);

    expect(first.run.effect).toMatchObject({ kind: 'send', stepKey: 'mood' });
    const messages = await em().find(Message, { coacheeId });
    expect(messages.map(({ text }) => text)).toEqual(['one\n\ntwo\n\nmood?']);
  });

  it('go before a question that has no room for them', async () => {
    const long = 'x'.repeat(4090);
    const { decide, first, em, coacheeId } = await begun('telegram', [asks('mood', { text: long })]);

    expect(first.run.effect).toMatchObject({ kind: 'send', stepKey: 'two' });
    const messages = await em().find(Message, { coacheeId }, { orderBy: { id: 'asc' } });
    expect(messages.map(({ text }) => text)).toEqual(['one\n\ntwo', long]);
    const { run } = await decide(first.run, { type: 'delivered', stepKey: 'two', occurrence: 1, outcome: 'sent' });
    expect(run.effect).toMatchObject({ kind: 'send', stepKey: 'mood' });
  });
});
