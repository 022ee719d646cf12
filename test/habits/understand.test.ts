import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tracked } from '../../shared/domain/habits/statement.ts';
import { type HabitWords, understand } from '../../shared/domain/habits/understand.ts';

const habit = (name: string, given: Partial<Tracked> = {}): Tracked => ({
  ...{ id: name, name, title: name, unit: null, timesPerDay: 1, asked: false },
  ...given,
});

const HABITS = [
  habit('water', { title: 'Drink water', unit: 'glasses' }),
  habit('sleep', { title: 'Sleep well', unit: 'h' }),
  habit('run', { title: 'Running', unit: 'km' }),
  habit('meditation', { title: 'Meditation', unit: 'minutes' }),
  habit('walk', { title: 'Evening walk' }),
  habit('stretch', { title: 'Stretching', timesPerDay: 3 }),
  habit('steps', { title: 'Steps', unit: 'steps' }),
  habit('no_sugar', { title: 'No sugar' }),
];

const asking = (...names: string[]): Tracked[] => HABITS.map((each) => ({ ...each, asked: names.includes(each.name) }));

/** `water=2, walk done; "note"`, `water? walk?` where it is ambiguous, or null. */
function shown(words: HabitWords): string | null {
  if (words === null) return null;
  if (!Array.isArray(words)) return words.ambiguous.map((id) => `${id}?`).join(' ');
  const each = words.map(({ habitId, act, note }) => {
    const what = act.kind === 'amount' ? `${habitId}=${act.amount}` : `${habitId} ${act.kind}`;
    return note === undefined ? what : `${what} "${note}"`;
  });
  return each.join(', ');
}

type Row = [said: string, meant: string | null];
const group = (asked: string[], rows: Row[]): [string[], string, string | null][] =>
  rows.map(([said, meant]) => [asked, said, meant]);

describe('understand', () => {
  it.each(
    group(
      ['walk'],
      [
        ...[
          'done',
          'Done!',
          'DONE.',
          'did it',
          'I did it',
          'Done today',
          'already done',
          'finished',
          'yes',
          'Yes!',
          'yep',
          'y',
        ],
        ...[
          'erledigt',
          'Erledigt!',
          'geschafft',
          'gemacht',
          'schon gemacht',
          'ja',
          'Ja, gemacht',
          'fertig',
          "hab's gemacht",
        ],
        ...[
          'hecho',
          '¡Hecho!',
          'ya está',
          'sí',
          'Sí, hecho',
          'lo hice',
          'listo',
          '✅',
          '✔️',
          '✅✅',
          '👍',
          '👍🏽',
          'walked',
        ],
        ...[
          'went for a walk',
          'Done 👍',
          '👍 done',
          'ja ✅',
          'Done 🙂',
          'I did',
          'walk ✅',
          'did my walk',
          'walk done',
          'Walk: done',
          'done with my walk',
          'evening walk ✅',
          'all done',
          'Yes, done!',
        ],
      ].map((said): Row => [said, 'walk done']),
    ),
  )('is done, with %j asked: %s', (asked, said, meant) => {
    expect(shown(understand(said, asking(...asked)))).toBe(meant);
  });

  it.each(
    group(
      ['walk'],
      [
        ...[
          'skip',
          'Skip today',
          'not today',
          'No, not today',
          'pass',
          "I'll pass",
          'skip walk',
          'walk: skip',
          'walk not today',
        ].map((said): Row => [said, 'walk skip']),
        ...['heute nicht', 'Nein, heute nicht', 'auslassen', 'überspringen', 'hoy no', 'saltar', 'hoy me lo salto'].map(
          (said): Row => [said, 'walk skip'],
        ),
        ...[
          'no',
          'No.',
          'nope',
          'nein',
          '👎',
          '❌',
          'not done',
          "I didn't",
          'I didn’t do it',
          'forgot',
          'vergessen',
        ].map((said): Row => [said, 'walk notDone']),
        ...['nicht geschafft', 'leider nicht', 'no lo hice', 'se me olvidó', 'no walk today', 'walk: no'].map(
          (said): Row => [said, 'walk notDone'],
        ),
      ],
    ),
  )('is skipped or not done, with %j asked: %s', (asked, said, meant) => {
    expect(shown(understand(said, asking(...asked)))).toBe(meant);
  });

  it.each([
    ...group(
      ['water'],
      [
        ...[
          '2',
          '2 glasses',
          '2 of 3 glasses',
          '2/3',
          '2 out of 3',
          'two',
          'two glasses',
          '2 today',
          '2 glasses so far',
        ].map((said): Row => [said, 'water=2']),
        ...[
          'zwei Gläser',
          '2 Gläser getrunken',
          'Ich habe heute 2 Gläser getrunken',
          '2 von 3 Gläsern',
          'dos vasos',
        ].map((said): Row => [said, said.includes('Gläsern') ? 'water=2' : 'water=2']),
        ...[
          '2 vasos de agua',
          'bebí 2 vasos',
          'I drank 2 glasses of water',
          'water 2',
          'Water: 2',
          'water = 2',
          'drank 2',
        ].map((said): Row => [said, said.includes('agua') ? null : 'water=2']),
        ...([
          ['0', 'water=0'],
          ['1.5', 'water=1.5'],
          ['a glass', 'water=1'],
          ['a glass of water', 'water=1'],
          ['done', 'water done'],
          ['yes', 'water done'],
          ['skip', 'water skip'],
          ['water 2, walk done', 'water=2, walk done'],
          ['2 glasses, walk done and slept 7h', 'water=2, walk done, sleep=7'],
        ] as Row[]),
      ],
    ),
    ...group(
      ['sleep'],
      [
        ...[
          '7.5',
          '7,5',
          '7.5 h',
          '7,5 h',
          '7,5h',
          '7h30',
          '7h 30',
          '7 h 30 min',
          '7 hours 30 minutes',
          '7 hours and 30 minutes',
        ].map((said): Row => [said, 'sleep=7.5']),
        ...[
          '7½ h',
          '7:30 h',
          '7 and a half hours',
          'slept 7.5 hours',
          '450 min',
          'sleep 7.5',
          'Sleep well: 7,5 h',
          '7 horas y media',
        ].map((said): Row => [said, 'sleep=7.5']),
        ...[
          '7 Std 30 Minuten',
          '7,5 Stunden geschlafen',
          'dormí 7,5 horas',
          'slept 7h30 last night',
          'Ich habe 7,5 Stunden geschlafen',
        ].map((said): Row => [said, 'sleep=7.5']),
      ],
    ),
    ...group(
      ['meditation'],
      [
        ['20', 'meditation=20'],
        ['20 min', 'meditation=20'],
        ['20m', 'meditation=20'],
        ['half an hour', 'meditation=30'],
        ['eine halbe Stunde', 'meditation=30'],
        ['media hora', 'meditation=30'],
        ['an hour', 'meditation=60'],
        ['1h', 'meditation=60'],
        ['una hora', 'meditation=60'],
        ['1h15', 'meditation=75'],
        ['meditated for 20 minutes', 'meditation=20'],
        ['20 Minuten meditiert', 'meditation=20'],
        ['I meditated 20 min', 'meditation=20'],
      ],
    ),
    ...group(
      ['steps'],
      [
        ['10000', 'steps=10000'],
        ['10,000', 'steps=10000'],
        ['10.000 Schritte', 'steps=10000'],
        ['10k steps', 'steps=10000'],
        ['10k', 'steps=10000'],
        ['8500 pasos', 'steps=8500'],
      ],
    ),
    ...group(
      ['stretch'],
      [
        ['2', 'stretch=2'],
        ['2x', 'stretch=2'],
        ['twice', 'stretch=2'],
        ['zweimal', 'stretch=2'],
        ['2 veces', 'stretch=2'],
        ['stretch 3', 'stretch=3'],
        ['done', 'stretch done'],
      ],
    ),
    ...group(
      [],
      [
        ['slept 7h', 'sleep=7'],
        ['slept 7', 'sleep=7'],
        ['ran 5 km', 'run=5'],
        ['5 km gelaufen', 'run=5'],
        ['5k run', 'run=5'],
        ['ran 5000 m', 'run=5'],
        ['2 glasses', 'water=2'],
        ['2 glasses of water', 'water=2'],
        ['meditation 10', 'meditation=10'],
        ['walk done', 'walk done'],
        ['no sugar: done', 'no_sugar done'],
        ['no sugar ✅', 'no_sugar done'],
        ['skip meditation today', 'meditation skip'],
        ['water 2\nsleep 7\nwalk done', 'water=2, sleep=7, walk done'],
        ['slept 7h and ran 5 km', 'sleep=7, run=5'],
        ['7 km', 'run=7'],
        ['Wasser', null],
        ['walk: no', 'walk notDone'],
        ['water not today', 'water skip'],
      ],
    ),
  ])('is an amount, with %j asked: %s', (asked, said, meant) => {
    expect(shown(understand(said, asking(...asked)))).toBe(meant);
  });

  it.each([
    ...group(
      ['walk', 'water'],
      [
        ['done', 'water? walk?'],
        ['yes', 'water? walk?'],
        ['2', 'water=2'],
        ['all done', 'water done, walk done'],
        ['alles erledigt', 'water done, walk done'],
        ['skip all', 'water skip, walk skip'],
      ],
    ),
    ...group(
      ['sleep', 'water'],
      [
        ['2', 'water? sleep?'],
        ['7h', 'sleep=7'],
        ['2 glasses', 'water=2'],
      ],
    ),
  ])('is of the one that it can be, with %j asked: %s', (asked, said, meant) => {
    expect(shown(understand(said, asking(...asked)))).toBe(meant);
  });

  it.each(
    group(
      ['walk'],
      [
        ['done, felt great', 'walk done "felt great"'],
        ['Done - it was Raining!', 'walk done "it was Raining!"'],
        ['walk done: 3 rounds', 'walk done "3 rounds"'],
        ['skip, I have a cold', 'walk skip "I have a cold"'],
        ['Erledigt (mit Hund)', 'walk done "mit Hund"'],
        ['slept 7h, woke up twice', 'sleep=7 "woke up twice"'],
        ['done, but only half', null],
        ['2 glasses, 7 to 8 h', 'water=2 "7 to 8 h"'],
        ['2 glasses, 20 min', null],
        ['done. yes', null],
        ['done, no water though', null],
        ['yes, wait', null],
        ['no, I mean it differently', null],
      ],
    ),
  )('keeps what else is said as a note, with %j asked: %s', (asked, said, meant) => {
    expect(shown(understand(said, asking(...asked)))).toBe(meant);
  });

  it.each([
    ...group(
      ['walk', 'water'],
      [
        ...[
          'I had 2 kids with me today',
          'not yet',
          'noch nicht',
          'todavía no',
          'ok',
          'Okay!',
          'sure',
          'klar',
          'vale',
          'later',
          'hello',
        ],
        ...[
          'What is done?',
          'done?',
          '¿hecho?',
          '2 or 3?',
          'I am done with this job',
          'well done',
          'done and dusted',
          'is it done',
        ],
        ...[
          'I slept badly',
          'sleep is hard for me',
          'the walk was nice',
          'walked the dog',
          '1/2',
          '3 / 4',
          'no 👍 from me',
          '2 more',
          'one more',
          '+1',
          'done yesterday',
          'I walked into my boss',
          'water bill came',
        ],
        ...[
          '2 people asked me',
          '2 glasses of wine',
          'drank 2 beers',
          '5 euros',
          '2 km from here',
          'meet me at 7',
          'at 7:30',
          'in 20 min',
        ],
        ...[
          'no idea',
          'no problem',
          'nothing',
          'yes but how',
          'yes, can we talk',
          'skip the intro please',
          'pass me the salt',
          '👏',
          '😀',
        ],
        ...[
          'ich habe 2 Kinder',
          'tengo 2 hijos',
          'my number is 2',
          '2 2',
          '2 and 3',
          '-2',
          '1e9',
          '99999999999',
          '12abc',
          '',
          '   ',
          '.',
          '/done',
        ],
        ...[
          'I want 2 glasses',
          'call me in 2 hours',
          '7 to 8 h',
          'sleep 7 to 8',
          'walk 2',
          'walk 2 km',
          'water 2 km',
          'done walk run',
          'had water',
        ],
      ].map((said): Row => [said, null]),
    ),
    ...group(
      [],
      [
        'yes',
        'no',
        '2',
        '7,5',
        'done',
        'skip',
        'not today',
        '👍',
        '20 min',
        'all done',
        'no sleep',
        'no water',
        'yes sleep',
      ].map((said): Row => [said, null]),
    ),
    ...group(
      ['sleep'],
      ['7 kg', '2 glasses of milk', '7,500', 'I slept', 'slept well', '7:30', 'water'].map((said): Row => [said, null]),
    ),
    ...group(
      ['run'],
      [
        ['walked 5 km', null],
        ['5 kg', null],
        ['done 5', null],
      ],
    ),
  ])('is left alone, with %j asked: %s', (asked, said, meant) => {
    expect(shown(understand(said, asking(...asked)))).toBe(meant);
  });

  it('takes the word of who has but one habit, asked or not, and a yes only when asked', () => {
    const only = [habit('walk')];
    expect(shown(understand('done', only))).toBe('walk done');
    expect(shown(understand('skip', only))).toBe('walk skip');
    expect(understand('yes', only)).toBeNull();
    expect(understand('not today', only)).toBeNull();
  });

  it('converts what is walked where the habit has that unit, and knows units of the creator', () => {
    expect(shown(understand('walked 5 km', [habit('walk', { unit: 'm' })]))).toBe('walk=5000');
    expect(shown(understand('500 ml', [habit('water', { unit: 'l', asked: true })]))).toBe('water=0.5');
    expect(shown(understand('1 rep', [habit('squats', { unit: 'reps', asked: true })]))).toBe('squats=1');
    expect(shown(understand('1.500 ml', [habit('water', { unit: 'l', asked: true })]))).toBe('water=1.5');
  });

  it('understands yes and no of the coachee’s own language as well', () => {
    expect(shown(understand('oui', asking('walk'), 'fr-FR'))).toBe('walk done');
    expect(understand('oui', asking('walk'), 'en')).toBeNull();
  });

  it('takes any text, and names only habits that there are, each once', () => {
    const ids = HABITS.map(({ id }) => id);
    const words = fc.constantFrom(
      ...['done', 'water', 'walk', '2', 'h', ',', 'and', 'no', 'slept', 'of', '7h30', ':', 'skip', '\n', '('],
    );
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(words).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(texts, fc.subarray(ids), (text, asked) => {
        const named = namesIn(understand(text, asking(...asked)));
        expect(new Set(named).size).toBe(named.length);
        expect(ids).toEqual(expect.arrayContaining(named));
      }),
      { numRuns: 3000 },
    );
  });
});

function namesIn(words: HabitWords): string[] {
  if (words === null) return [];
  return Array.isArray(words) ? words.map(({ habitId }) => habitId) : words.ambiguous;
}

it('takes the second of two words for what a habit is about', () => {
  const drink = habit('h2o-1', { title: 'Drink water', unit: 'glasses' });
  const others = [drink, habit('n', { title: 'No sugar' }), habit('s', { title: 'Sleep well' })];
  expect(shown(understand('water 2', others))).toBe('h2o-1=2');
  expect(shown(understand('sugar done', others))).toBeNull();
  expect(shown(understand('well done', others))).toBeNull();
});
