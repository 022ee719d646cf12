/** POST /v1/reminders/preview on a real API. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let ada: GivenCaller;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api, 'viewer');
});
afterAll(() => api.close());

const usual = { rule: { times: ['08:30'] }, timezone: 'Europe/Berlin', from: '2026-03-28', count: 3 };
const preview = (given: object) => ada.call('POST', '/v1/reminders/preview', { body: { ...usual, ...given } });
/** `2026-03-29 02:30 2026-03-29T01:30:00.000Z gap` */
const firesOf = async (given: object): Promise<string[]> => {
  const answer = await preview(given);
  expect(answer.status, answer.text).toBe(200);
  return answer.body.fires.map((fire: Record<string, string | null>) =>
    [fire.localDate, fire.localTime, fire.instant, fire.resolved].join(' ').trim(),
  );
};

describe('a preview shows', () => {
  test('the slots of the rule with their instants', async () => {
    const answer = await preview({ count: 2 });
    expect(answer.body).toEqual({
      fires: [
        { localDate: '2026-03-28', localTime: '08:30', instant: '2026-03-28T07:30:00.000Z', resolved: null },
        { localDate: '2026-03-29', localTime: '08:30', instant: '2026-03-29T06:30:00.000Z', resolved: null },
      ],
    });
  });

  test('a gap at the later instant', async () => {
    expect(await firesOf({ rule: { times: ['02:30'] } })).toEqual([
      '2026-03-28 02:30 2026-03-28T01:30:00.000Z',
      '2026-03-29 02:30 2026-03-29T01:30:00.000Z gap',
      '2026-03-30 02:30 2026-03-30T00:30:00.000Z',
    ]);
  });

  test('an overlap at the first, once', async () => {
    expect(await firesOf({ rule: { times: ['02:30'] }, from: '2026-10-25' })).toEqual([
      '2026-10-25 02:30 2026-10-25T00:30:00.000Z overlap',
      '2026-10-26 02:30 2026-10-26T01:30:00.000Z',
      '2026-10-27 02:30 2026-10-27T01:30:00.000Z',
    ]);
  });

  test('a date that the zone skips, declared as such', async () => {
    expect(await firesOf({ timezone: 'Pacific/Apia', from: '2011-12-29' })).toEqual([
      '2011-12-29 08:30 2011-12-29T18:30:00.000Z',
      '2011-12-30 08:30 2011-12-30T18:30:00.000Z absent',
      '2011-12-31 08:30 2011-12-30T18:30:00.000Z',
    ]);
  });

  test('by instant: what a gap moves may come after a later slot', async () => {
    expect(await firesOf({ rule: { times: ['03:15', '02:30'] }, from: '2026-03-29' })).toEqual([
      '2026-03-29 03:15 2026-03-29T01:15:00.000Z',
      '2026-03-29 02:30 2026-03-29T01:30:00.000Z gap',
      '2026-03-30 02:30 2026-03-30T00:30:00.000Z',
    ]);
    const late = { rule: { times: ['23:30'] }, timezone: 'America/Nuuk', from: '2024-03-31', count: 1 };
    expect(await firesOf(late)).toEqual(['2024-03-30 23:30 2024-03-31T01:30:00.000Z gap']);
  });

  test('only some weekdays, between two dates, until there are no more', async () => {
    const rule = { times: ['18:00', '07:00'], days: ['SA', 'SU'], startDate: '2026-05-01', endDate: '2026-05-04' };
    expect(await firesOf({ rule, timezone: 'Asia/Kolkata', count: 100 })).toEqual([
      '2026-05-02 07:00 2026-05-02T01:30:00.000Z',
      '2026-05-02 18:00 2026-05-02T12:30:00.000Z',
      '2026-05-03 07:00 2026-05-03T01:30:00.000Z',
      '2026-05-03 18:00 2026-05-03T12:30:00.000Z',
    ]);
  });

  test('a recurrence, counted from its start date or else from the beginning', async () => {
    const rule = { times: ['08:30'], rrule: 'FREQ=WEEKLY;INTERVAL=2' };
    const dates = async (given: object) => (await firesOf(given)).map((line) => line.slice(0, 10)).join(' ');
    expect(await dates({ rule })).toBe('2026-03-28 2026-04-11 2026-04-25');
    expect(await dates({ rule: { ...rule, startDate: '2026-03-16' } })).toBe('2026-03-30 2026-04-13 2026-04-27');
    const leap = { times: ['08:30'], rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29' };
    expect(await dates({ rule: leap })).toBe('2028-02-29 2032-02-29 2036-02-29');
    const never = { times: ['08:30'], rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' };
    expect(await dates({ rule: never, count: 1000 })).toBe('');
  });

  test('one date, put off', async () => {
    const rule = { times: ['09:00'], date: { on: '2026-12-24', plusDays: -1 } };
    expect(await firesOf({ rule })).toEqual(['2026-12-23 09:00 2026-12-23T08:00:00.000Z']);
  });

  test('a thousand fires', async () => {
    const fires = await firesOf({ rule: { times: ['08:30', '20:30'] }, count: 1000 });
    expect(fires).toHaveLength(1000);
    expect(fires.at(-1)).toBe('2027-08-09 20:30 2027-08-09T18:30:00.000Z');
  });
});

describe('it begins', () => {
  test.each([
    ['an instant', '2026-03-28T07:30:00Z', '2026-03-28'],
    ['a moment later', '2026-03-28T07:30:00.001Z', '2026-03-29'],
    ['an instant with an offset', '2026-03-28T02:31:00-05:00', '2026-03-29'],
    ['an instant to the minute', '2026-03-28T07:30Z', '2026-03-28'],
    ['a local time', '2026-03-28T08:30', '2026-03-28'],
    ['a local time with seconds', '2026-03-28T08:30:01', '2026-03-29'],
    ['a local date', '2026-03-28', '2026-03-28'],
  ])('at %s', async (_, from, date) => {
    expect((await firesOf({ from, count: 1 }))[0]?.slice(0, 10)).toBe(date);
  });
});

describe('what does not fit is named', () => {
  const everything = { times: ['08:30'], rrule: 'FREQ=DAILY' };
  test.each<[string, object, string]>([
    ['no time', { rule: { times: [] } }, 'rule.times'],
    ['a time that is none', { rule: { times: ['8:30'] } }, 'rule.times.0'],
    ['the same time twice', { rule: { times: ['08:30', '08:30'] } }, 'rule.times'],
    ['a weekday that is none', { rule: { times: ['08:30'], days: ['XX'] } }, 'rule.days.0'],
    ['hours in a recurrence', { rule: { times: ['08:30'], rrule: 'FREQ=DAILY;BYHOUR=9' } }, 'rule.rrule'],
    ['a date that is none', { rule: { times: ['08:30'], startDate: '2026-02-30' } }, 'rule.startDate'],
    ['a date out of all bounds', { rule: { times: ['08:30'], endDate: '9999-12-31' } }, 'rule.endDate'],
    [
      'an end before the start',
      { rule: { ...everything, startDate: '2026-03-02', endDate: '2026-03-01' } },
      'rule.endDate',
    ],
    ['two ways to say the dates', { rule: { ...everything, date: { on: '2026-03-02' } } }, 'rule.date'],
    ['an event', { rule: { times: ['08:30'], after: { event: 'joined' } } }, 'rule.after'],
    ['an unknown field', { rule: { times: ['08:30'], colour: 'red' } }, 'rule.colour'],
    ['no rule', { rule: undefined }, 'rule'],
    ['a zone that is none', { timezone: 'Mars/Base' }, 'timezone'],
    ['an offset for a zone', { timezone: '+02:00' }, 'timezone'],
    ['a beginning that is none', { from: 'soon' }, 'from'],
    ['a beginning on no date', { from: '2026-02-30' }, 'from'],
    ['no fire', { count: 0 }, 'count'],
    ['too many', { count: 1001 }, 'count'],
  ])('%s', async (_, given, path) => {
    const answer = await preview(given);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((one: { path: string }) => one.path)).toEqual([path]);
  });

  test('and the reason is plain', async () => {
    const rule = { times: ['08:30'], rrule: 'FREQ=HOURLY' };
    const { body } = await preview({ rule, from: 'soon' });
    expect(body.errors.map((one: { message: string }) => one.message)).toEqual([
      'FREQ=HOURLY is not taken: a rule chooses dates, its times say the hour.',
      'an instant such as 2026-03-29T01:30:00Z, or a local date or date-time such as 2026-03-29T08:00',
    ]);
  });
});

test('the same Idempotency-Key gets the same answer, and strangers get none', async () => {
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const once = await ada.call('POST', '/v1/reminders/preview', { body: usual, headers });
  const again = await ada.call('POST', '/v1/reminders/preview', { body: usual, headers });
  expect(again.text).toBe(once.text);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect((await api.call('POST', '/v1/reminders/preview', { body: usual })).status).toBe(401);
});
