/** What becomes of fires that are not settled, and what their messages say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DispatchMoment,
  dispatch,
  type FireDay,
  nextAfter,
  type OpenFire,
} from '../../shared/domain/reminders/dispatch.ts';
import { type ReminderLine, reminderMessage } from '../../shared/domain/reminders/message.ts';
import { pressOf, valueOfPress } from '../../shared/domain/reminders/press.ts';

const MINUTE_MS = 60_000;
const options = { escalation: [], snoozes: [], dropAfterMinutes: 60, stopWhenDone: true };
const fire = (id: string, more: Partial<OpenFire> = {}): OpenFire => ({
  ...{ id, stage: 0, nextAtMs: 0, snoozed: false, absent: false, kind: 'reminder', options, day: 'open' },
  ...more,
});
const moment: DispatchMoment = { nowMs: 0, paused: false, mergeMs: 5 * MINUTE_MS, heldBack: null };
const sole = (more: Partial<OpenFire>, at: Partial<DispatchMoment> = {}) =>
  dispatch([fire('a', more)], { ...moment, ...at });

describe('a fire that is due', () => {
  it.each<[FireDay, number, string]>([
    ['done', 0, 'done'],
    ['skipped', 1, 'skipped'],
    ['vacation', 0, 'dropped'],
    ['rest', 1, 'over'],
    ['over', 0, 'dropped'],
    ['over', 1, 'over'],
  ])('on a day that is %s, after %i messages, is %s', (day, stage, status) => {
    const { settled, messages } = sole({ day, stage });
    expect(settled.get('a')?.status).toBe(status);
    expect(messages).toEqual([]);
  });

  it('goes though the habit is done, where its rule says so', () => {
    expect(sole({ day: 'done', options: { ...options, stopWhenDone: false } }).messages).toHaveLength(1);
  });

  it('is dropped once it is too late, unless the coachee put it off themselves', () => {
    const late = { nowMs: 61 * MINUTE_MS };
    expect(sole({}, late).settled.get('a')).toEqual({
      status: 'dropped',
      reason: 'It would have been 61 minutes late.',
    });
    expect(sole({ snoozed: true }, late).messages).toHaveLength(1);
    expect(sole({}, { nowMs: 60 * MINUTE_MS }).messages).toHaveLength(1);
  });

  it('is held by the wishes of the coachee, but for what they asked for and for the team', () => {
    const heldBack = { untilMs: 9, why: 'Quiet hours.' };
    expect(sole({}, { heldBack }).settled.get('a')).toEqual({ status: 'held', untilMs: 9, reason: 'Quiet hours.' });
    expect(sole({ snoozed: true, stage: 1 }, { heldBack }).messages).toHaveLength(1);
    const coach = { ...options, escalation: [{ afterMinutes: 5, via: 'coach' as const }] };
    expect(sole({ stage: 1, options: coach }, { heldBack }).messages).toMatchObject([{ way: 'coach' }]);
  });

  it('is silent while the coachee wants silence, and on a date that does not exist', () => {
    expect(sole({}, { paused: true }).settled.get('a')?.status).toBe('dropped');
    expect(sole({ absent: true, nextAtMs: MINUTE_MS }).settled.get('a')?.status).toBe('dropped');
  });

  it('goes on as its escalation says', () => {
    const steps = { ...options, escalation: [{ afterMinutes: 120, via: 'otherChannel' as const }] };
    expect([nextAfter(1, steps), nextAfter(2, steps)]).toEqual([120, null]);
    expect(sole({ stage: 1, options: steps }).messages).toMatchObject([{ way: 'otherChannel' }]);
  });
});

describe('fires of about the same time', () => {
  it('go as one message, and nothing goes early alone', () => {
    const soon = fire('b', { nextAtMs: 4 * MINUTE_MS });
    const later = fire('c', { nextAtMs: 6 * MINUTE_MS });
    expect(dispatch([fire('a'), soon, later], moment).messages).toEqual([
      { way: 'again', kind: 'reminder', fireIds: ['a', 'b'] },
    ]);
    expect(dispatch([soon, later], moment).messages).toEqual([]);
  });

  it('leave a digest to itself', () => {
    const { messages } = dispatch([fire('a'), fire('d', { kind: 'digest' })], moment);
    expect(messages.map(({ fireIds }) => fireIds)).toEqual([['a'], ['d']]);
  });

  it('are each settled or said or left waiting, never two of these', () => {
    const anyFire = fc.record({
      stage: fc.nat({ max: 3 }),
      nextAtMs: fc.option(fc.integer({ min: -200 * MINUTE_MS, max: 20 * MINUTE_MS })),
      snoozed: fc.boolean(),
      absent: fc.boolean(),
      day: fc.constantFrom<FireDay>('open', 'done', 'skipped', 'vacation', 'rest', 'over'),
      kind: fc.constantFrom('reminder' as const, 'digest' as const),
    });
    fc.assert(
      fc.property(fc.array(anyFire, { maxLength: 8 }), fc.boolean(), fc.boolean(), (given, paused, held) => {
        const fires = given.map((one, index) => fire(String(index), one));
        const heldBack = held ? { untilMs: MINUTE_MS, why: '' } : null;
        const { settled, messages } = dispatch(fires, { ...moment, paused, heldBack });
        const said = messages.flatMap(({ fireIds }) => fireIds);
        expect(new Set(said).size).toBe(said.length);
        for (const { id, nextAtMs } of fires) {
          expect(settled.has(id) && said.includes(id)).toBe(false);
          const isDue = nextAtMs !== null && nextAtMs <= moment.nowMs;
          if (isDue) expect(settled.has(id) || said.includes(id)).toBe(true);
        }
        if (paused) expect(said).toEqual([]);
      }),
    );
  });
});

describe('a reminder', () => {
  const line = (title: string, more: Partial<ReminderLine> = {}): ReminderLine => ({
    ...{ fireId: `fire of ${title}`, habit: { id: title, title, measure: { kind: 'yesNo' } } },
    ...{ text: null, soFar: 0, snoozes: [{ minutes: 30 }, { minutes: 120 }, { time: '20:00' }] },
    ...more,
  });
  const labels = (...lines: ReminderLine[]) => reminderMessage(lines).buttons.map(({ label }) => label);

  it('says what is still lacking', () => {
    const glasses = { id: 'w', title: 'Water', measure: { kind: 'amount' as const, target: 3, unit: 'glasses' } };
    const some = line('Water', { habit: glasses, soFar: 2 });
    expect(reminderMessage([some]).text).toBe('Time for: Water (2 of 3 glasses)');
    expect(labels(some)).toEqual(['✓ The rest', 'In 30 min', 'In 2 h', 'Not today']);
  });

  it('of several habits names each, and each once', () => {
    const lines = [line('Walk'), line('Read', { text: 'Ten pages?' }), line('Walk', { fireId: 'a second' })];
    expect(reminderMessage(lines).text).toBe('• Time for: Walk\n• Ten pages?');
    expect(labels(...lines)).toEqual(['✓ Walk', '✓ Read', 'All done', 'In 30 min', 'In 2 h', 'Not today']);
    const press = (label: string) => pressOf(valueAt(lines, label));
    expect(press('✓ Walk')).toEqual({ act: 'done', fireIds: ['fire of Walk', 'a second'] });
    expect(press('All done')?.fireIds).toHaveLength(3);
  });

  const valueAt = (lines: ReminderLine[], label: string): string => {
    const button = reminderMessage(lines).buttons.find((one) => one.label === label);
    return button && 'value' in button ? button.value : '';
  };

  it('has buttons that can be read again, and no other text is one', () => {
    const fireIds = fc.array(fc.uuid(), { minLength: 1, maxLength: 5 });
    const choice = fc.oneof(
      fc.record({ minutes: fc.integer({ min: 1, max: 1440 }) }),
      fc.record({ time: fc.constantFrom('00:00', '20:00', '23:59') }),
    );
    const press = fc.oneof(
      fc.record({ act: fc.constantFrom('done' as const, 'notToday' as const), fireIds }),
      fc.record({ act: fc.constant('snooze' as const), choice, fireIds }),
    );
    fc.assert(
      fc.property(press, (one) => {
        expect(pressOf(valueOfPress(one))).toEqual(one);
      }),
    );
    for (const value of ['yes', 'no', '3', 'done', 'snooze', '']) expect(pressOf(value)).toBeNull();
  });
});
