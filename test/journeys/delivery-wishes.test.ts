/** When messages go: quiet hours, caps, late messages, pauses and shifts, moves to other zones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postponement } from '../../shared/domain/channels/delivery-time.ts';
import { journeyOf } from '../support/journeys.ts';
import { askStep, programOf, type StepInput } from '../support/programs.ts';
import { livedBy, said } from '../support/simulated.ts';

const say = (key: string, more = {}): StepInput => ({ type: 'message', key, text: key, ...more });
const hours = (key: string, count: number): StepInput => ({ type: 'wait', key, for: { hours: count } });
const on = (date: string): StepInput => ({ type: 'wait', key: `on-${date}`, until: { date, time: '09:00' } });
const told = (lines: string[]) => said(lines).map((line) => line.replace(' program:', ''));

describe('quiet hours', () => {
  const quiet = { deliveryPolicy: { quietHours: { from: '21:00', to: '08:00' } } };

  it('keep what time brings until they are over, and the journey with it', () => {
    expect(told(livedBy([hours('w', 10), say('late'), hours('x', 1), say('later')], quiet))).toEqual([
      'Tue 03. 08:00 late',
      'Tue 03. 09:00 later',
    ]);
  });

  it('never keep what answers the coachee’s own word', () => {
    const steps = [hours('w', 8), askStep('mood', { kind: 'text' }), say('thanks')];
    expect(told(livedBy(steps, { ...quiet, replyDelaySeconds: 3 * 3600 }))).toEqual([
      'Mon 02. 20:00 What of mood?',
      'Mon 02. 23:00 thanks',
    ]);
  });

  it('end at their end in every zone, whatever the hour', () => {
    const time = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([h, m]) => [h, m].map((n) => String(n).padStart(2, '0')).join(':'));
    fc.assert(
      fc.property(time, time, time, (from, to, now) => {
        const held = postponement(
          { quietHours: { from, to } },
          { local: `Mon 2026-03-02T${now}:00+01:00`, sentToday: 0 },
        );
        const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
        const sinceFrom = (minute(now) - minute(from) + 1440) % 1440;
        const length = (minute(to) - minute(from) + 1440) % 1440;
        expect(held !== null).toBe(sinceFrom < length);
        if (held) expect(held.rule).toEqual({ kind: 'localTime', time: to });
      }),
    );
  });

  it('are over for a message that a skip has made needless', () => {
    const program = programOf([say('one'), say('two')]);
    const held = journeyOf(program).feed({
      ...{ type: 'postponed', stepKey: 'one', occurrence: 1, why: 'night' },
      rule: { kind: 'localTime', time: '08:00' },
    });
    expect(held.effect).toMatchObject({ type: 'WaitUntil' });
    const skipped = held.feed({ type: 'skip', id: 's' });
    expect(skipped.commands[1]).toEqual({ type: 'Withdraw', stepKey: 'one', occurrence: 1 });
    expect(skipped.effect).toMatchObject({ type: 'Deliver', stepKey: 'two' });
    expect(held.due().effect).toMatchObject({ type: 'Release', stepKey: 'one', occurrence: 1 });
  });
});

describe('a daily cap', () => {
  it('puts off what is too much for one day', () => {
    const steps = ['one', 'two', 'three', 'four', 'five'].map((key) => say(key));
    expect(
      told(livedBy(steps, { deliveryPolicy: { maxPerDay: 2, quietHours: { from: '22:00', to: '07:30' } } })),
    ).toEqual([
      'Mon 02. 12:00 one',
      'Mon 02. 12:00 two',
      'Tue 03. 07:30 three',
      'Tue 03. 07:30 four',
      'Wed 04. 07:30 five',
    ]);
  });
});

describe('after an outage', () => {
  const outage = { outages: [{ after: { hours: 12 }, for: { days: 3 } }] };
  const dates = ['2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06'];
  const daily = (more = {}) => dates.flatMap((date, i) => [on(date), say(`day ${i}`, { ...more, key: `day-${i}` })]);

  it('late messages come as one, and the next at its time', () => {
    expect(told(livedBy(daily(), outage))).toEqual(['Fri 06. 00:00 day 0\n\nday 1\n\nday 2', 'Fri 06. 09:00 day 3']);
  });

  it('each comes for itself where the program wants that', () => {
    expect(told(livedBy(daily({ late: 'send' }), outage))).toHaveLength(4);
  });

  it('those are left out that would come too late', () => {
    expect(told(livedBy(daily({ late: { dropAfter: { hours: 20 } } }), outage))).toEqual([
      'Fri 06. 00:00 day 2',
      'Fri 06. 09:00 day 3',
    ]);
  });

  it('what comes within a quarter of an hour is not late', () => {
    const short = { outages: [{ after: { hours: 20 }, for: { hours: 1, minutes: 10 } }] };
    expect(told(livedBy(daily({ late: { dropAfter: { minutes: 1 } } }), short))).toHaveLength(4);
  });
});

describe('a pause', () => {
  const steps = [on('2026-03-04'), say('wednesday'), hours('w', 24), say('next'), on('2026-03-10'), say('tuesday')];
  const pausedFor = (mode?: 'shift' | 'compress') => ({ pauses: [{ after: { days: 1 }, for: { days: 3 }, mode }] });

  it('leaves the dates as they were, and what is past comes at once', () => {
    expect(told(livedBy(steps, pausedFor('compress')))).toEqual([
      'Fri 06. 12:00 wednesday',
      'Sat 07. 12:00 next',
      'Tue 10. 09:00 tuesday',
    ]);
  });

  it('puts all the remaining dates off by as long as it took', () => {
    expect(told(livedBy(steps, pausedFor('shift')))).toEqual([
      'Sat 07. 09:00 wednesday',
      'Sun 08. 09:00 next',
      'Fri 13. 09:00 tuesday',
    ]);
  });
});

describe('shift and unlock', () => {
  const program = programOf([hours('w', 24), say('one'), on('2026-03-10'), say('two')]);

  it('puts off the wait under way, and dates that come later', () => {
    const shifted = journeyOf(program).feed({ type: 'shift', id: 's', days: 2 });
    expect(shifted.effect).toEqual({ type: 'ShiftWait', by: { days: 2, seconds: 0 } });
    expect(shifted.due().delivered().effect).toMatchObject({ rule: { kind: 'date', plusDays: 2 } });
  });

  it('opens what is held, or a step by its name, and no question', () => {
    const start = journeyOf(program);
    expect(start.feed({ type: 'unlock', id: 'u' }).state.at).toBe('one');
    expect(start.feed({ type: 'unlock', id: 'u', stepKey: 'two' }).state.at).toBe('two');
    expect(start.feed({ type: 'unlock', id: 'u', stepKey: 'nowhere' }).verdict).toBe('refused');
    const asked = journeyOf(programOf([askStep('mood', { kind: 'text' })])).delivered();
    expect(asked.feed({ type: 'unlock', id: 'u' }).verdict).toBe('refused');
  });
});

describe('a move to another time zone', () => {
  const evening: StepInput = { type: 'wait', key: 'w', until: { time: '20:00' } };

  it('counts the wait under way anew, and nothing that was sent comes again', () => {
    const moves = [{ after: { hours: 2 }, timeZone: 'America/New_York' }];
    expect(told(livedBy([say('hello'), evening, say('evening')], { moves }))).toEqual([
      'Mon 02. 12:00 hello',
      'Mon 02. 20:00 evening',
    ]);
  });

  it('lets what is past in the new zone come at once', () => {
    const moves = [{ after: { hours: 4 }, timeZone: 'Asia/Tokyo' }];
    const night: StepInput = { type: 'wait', key: 'w', until: { time: '23:00' } };
    expect(told(livedBy([night, say('night')], { moves }))).toEqual(['Tue 03. 00:00 night']);
  });
});

describe('goals and exits that are watched', () => {
  const rest = {
    exits: [{ when: { tag: 'well' }, outcome: 'recovered' }],
    goals: [{ goal: 'Well', when: { tag: 'well' } }],
  };

  it('take effect while the journey waits', () => {
    const program = programOf([hours('w', 24), say('one')], rest);
    const waiting = journeyOf(program);
    const facts = { ...waiting.facts, tags: ['well'] };
    const left = journeyOf(program, facts);
    expect(left.state).toMatchObject({ status: 'exited', outcome: 'recovered', goals: ['Well'] });
    expect(waiting.feed({ type: 'changed', id: 'c' }).verdict).toBe('accepted');
    expect(waiting.feed({ type: 'changed', id: 'c' }).state).toBe(waiting.state);
  });

  it('lead to a step once', () => {
    const program = programOf(
      [
        askStep('mood', { kind: 'number' }),
        say('calm'),
        { type: 'finish', key: 'end' },
        say('storm', { next: 'mood' }),
      ],
      { exits: [{ when: { answer: 'mood', gte: 9 }, outcome: 'storm', goTo: 'storm' }] },
    );
    const stormy = journeyOf(program).delivered().reply('9');
    expect(stormy.state.at).toBe('storm');
    const again = stormy.delivered().delivered().reply('9');
    expect(again.state.at).toBe('calm');
  });
});
