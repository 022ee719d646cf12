import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adherenceRate, joinedAdherence } from '../../shared/domain/habits/adherence.ts';
import { type DigestHabit, weeklyDigest } from '../../shared/domain/habits/digest.ts';
import { DAY_SIGNS } from '../../shared/domain/habits/phrases.ts';
import { drawn, lives, standingOf } from './standing-cases.ts';

const habit = (title: string, picture: string): DigestHabit => {
  // A day later, so that the last one is over.
  const life = drawn(`${picture}-`);
  const { days, streak, strength } = standingOf(life);
  return { title, days: days.slice(-8, -1), streak, strength };
};

describe('adherence', () => {
  it('joins day by day, and is none where nothing counted', () => {
    const joined = joinedAdherence([
      { done: 1, counted: 1 },
      { done: 2, counted: 9 },
    ]);
    expect(joined).toEqual({ done: 3, counted: 10 });
    expect(adherenceRate(joined)).toBe(0.3);
    expect(adherenceRate(joinedAdherence([]))).toBeNull();
  });
});

describe('the weekly digest', () => {
  it('has a line for each habit, and one sentence on all', () => {
    const digest = weeklyDigest({
      name: 'Ana',
      habits: [habit('Drink water', 'xxxxxxx'), habit('Evening walk', 'x.s?xxx')],
    });
    expect(digest.split('\n')).toEqual([
      'Hi Ana! This was your week:',
      '',
      '✅✅✅✅✅✅✅ Drink water: 7 of 7, 7 days in a row, strength 31 %',
      '✅⬜➖➖✅✅✅ Evening walk: 4 of 5, 3 days in a row, strength 19 %',
      '',
      '11 of 12 in all: that is a strong week.',
    ]);
  });

  it.each([
    ['xxxxxxx', 'You did all that you set out to do: enjoy that!'],
    ['xx.x...', '3 of 7 in all: each of them counts, and the new week starts fresh.'],
    ['x......', '1 of 7 in all: it was not an easy week, and you kept the thread.'],
    [
      '.......',
      'It did not come together this week, which happens to everyone; one small step is enough to begin again.',
    ],
    ['sss????', 'Nothing was due this week, and a pause is part of it.'],
  ])('closes %s kindly: %s', (picture, closing) => {
    expect(
      weeklyDigest({ name: 'Ana', habits: [habit('Walk', picture)] })
        .split('\n')
        .at(-1),
    ).toBe(closing);
  });

  it('says nothing of a streak that there is none of, and of weeks in weeks', () => {
    expect(weeklyDigest({ name: 'Ana', habits: [habit('Walk', '.......')] })).toContain(
      '⬜⬜⬜⬜⬜⬜⬜ Walk: 0 of 7\n',
    );
    const weekly = { ...habit('Walk', 'x......'), streak: { current: 2, longest: 2, unit: 'weeks' as const } };
    expect(weeklyDigest({ name: 'Ana', habits: [weekly] })).toContain('2 weeks in a row');
  });

  it('puts the days of all habits under each other, those that a habit does not have as blanks', () => {
    const young = habit('Young', 'xxxxxxx');
    const rows = weeklyDigest({ name: '', habits: [{ ...young, days: young.days.slice(5) }, habit('Old', 'xxxxxxx')] });
    expect(rows).toContain('Hi! This was your week:');
    expect(rows).toContain('➖➖➖➖➖✅✅ Young: 2 of 2');
    expect(weeklyDigest({ name: 'Ana', habits: [] })).toBe('');
  });

  it('is below 1,000 characters, however many the habits and long their titles', () => {
    const someHabit = fc
      .tuple(fc.string({ unit: 'grapheme', maxLength: 80 }), lives)
      .map(([title, life]): DigestHabit => {
        const { days, streak, strength } = standingOf(life);
        return { title, days: days.slice(-7), streak, strength };
      });
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.array(someHabit, { maxLength: 12 }), (name, habits) => {
        const digest = weeklyDigest({ name, habits });
        expect(digest.length).toBeLessThan(1000);
        expect(digest).not.toMatch(/NaN|undefined|null/);
      }),
      { numRuns: 200 },
    );
  });

  it('has a sign for every status, and says the joined rest of more than eight', () => {
    const many = Array.from({ length: 10 }, (_, i) => habit(`Habit ${i}`, 'xxxxxx.'));
    expect(weeklyDigest({ name: 'Ana', habits: many })).toContain('\nand 3 more: 18 of 21\n');
    expect(weeklyDigest({ name: 'Ana', habits: many.slice(2) })).not.toContain('more');
    expect(new Set(Object.values(DAY_SIGNS)).size).toBe(6);
  });
});
