/** The step that gives a habit, and ends it. */
import { describe, expect, it } from 'vitest';
import { ana, journeyOf } from '../support/journeys.ts';
import { programOf, type StepInput } from '../support/programs.ts';
import { livedBy } from '../support/simulated.ts';

const gives = (more = {}): StepInput => ({ type: 'habit', key: 'give', habit: 'water', ...more });
const night: StepInput = { type: 'wait', key: 'night', for: { days: 1 } };

const entered = (step: StepInput, habits?: Record<string, 'open' | 'putAway'>) =>
  journeyOf(programOf([step, night]), { ...ana, ...(habits && { habits }) });

describe('a step that gives a habit', () => {
  it('has it given once, for so many days or until the journey ends', () => {
    const { commands } = entered(gives({ forDays: 30 }), { water: 'open' });
    expect(commands.filter(({ type }) => type === 'GiveHabit')).toEqual([
      { type: 'GiveHabit', habit: 'water', forDays: 30, stepKey: 'give', occurrence: 0 },
    ]);
    expect(entered(gives(), { water: 'open' }).commands).toContainEqual(
      expect.objectContaining({ type: 'GiveHabit', habit: 'water', forDays: null }),
    );
  });

  it('ends it', () => {
    const { commands, recorded } = entered(gives({ end: true }), { water: 'open' });
    expect(commands).toContainEqual({ type: 'EndHabit', habit: 'water', stepKey: 'give', occurrence: 0 });
    expect(recorded).toContain('habitEnded');
  });

  it.each([
    ['is not there', {}, 'There is no habit of that name.'],
    ['was put away', { water: 'putAway' }, 'It was put away.'],
  ] as const)('leaves one out that %s, says so and goes on', (_, habits, why) => {
    const journey = entered(gives({ forDays: 7 }), habits);
    expect(journey.recorded).toContain('habitLeftOut');
    expect(journey.commands.map(({ type }) => type)).not.toContain('GiveHabit');
    expect(JSON.stringify(journey.commands)).toContain(why);
    expect(journey.state).toMatchObject({ at: 'night', status: 'active' });
  });

  it('takes no habit for one of the names that every object has', () => {
    expect(entered(gives({ habit: 'constructor' }), {}).recorded).toContain('habitLeftOut');
  });

  it('refuses days for what ends', () => {
    expect(() => programOf([gives({ end: true, forDays: 3 })])).toThrow('forDays');
  });

  it('tells in a transcript that its reminders are not simulated', () => {
    const lines = livedBy([gives({ forDays: 1 }), gives({ key: 'more' }), gives({ key: 'over', end: true })]);
    expect(lines.map((line) => line.slice(21))).toEqual([
      'Habit water is given for 1 day. Its reminders are not simulated.',
      'Habit water is given. Its reminders are not simulated.',
      'Habit water is not kept any more.',
      'The journey ended: completed.',
    ]);
  });
});
