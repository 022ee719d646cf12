/** Steps that choose the way: abSplit, repeat, jump, tag and untag. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ana, journeyOf } from '../support/journeys.ts';
import { programOf, type StepInput } from '../support/programs.ts';
import { livedBy, said } from '../support/simulated.ts';

const say = (key: string, more = {}): StepInput => ({ type: 'message', key, text: key, ...more });
const hour = (key: string): StepInput => ({ type: 'wait', key, for: { hours: 1 } });

describe('abSplit', () => {
  const split: StepInput = {
    type: 'abSplit',
    key: 'split',
    trait: 'intro_test',
    variants: [{ value: 'long', weight: 3, goTo: 'long' }, { value: 'short' }],
  };
  const program = programOf([split, say('short', { next: 'end' }), say('long'), { type: 'finish', key: 'end' }]);
  const drawn = (id: string, traits = {}) => journeyOf(program, { ...ana, id, traits });

  it('draws by weight, the same for the same coachee', () => {
    const draws = Array.from({ length: 4000 }, (_, i) => drawn(`coachee-${i}`).state.at);
    const share = draws.filter((at) => at === 'long').length / draws.length;
    expect(share).toBeGreaterThan(0.72);
    expect(share).toBeLessThan(0.78);
    fc.assert(
      fc.property(fc.string(), (id) => {
        const { at } = drawn(id).state;
        expect(drawn(id).state.at).toBe(at);
      }),
    );
  });

  it('keeps whom it drew in every version, whatever the weights are then', () => {
    const first = drawn('coachee-1');
    expect(first.commands).toContainEqual({ type: 'SetTrait', name: 'intro_test', value: first.state.at });
    const traits = { intro_test: 'short' };
    const onlyLong = programOf([
      {
        ...split,
        variants: [
          { value: 'long', weight: 100, goTo: 'long' },
          { value: 'short', weight: 0 },
        ],
      } as StepInput,
      say('short', { next: 'end' }),
      say('long'),
      { type: 'finish', key: 'end' },
    ]);
    expect(journeyOf(onlyLong, { ...ana, traits }).state.at).toBe('short');
  });
});

describe('repeat', () => {
  it('lives what lies between as often as it says, and counts anew on a later visit', () => {
    const lines = livedBy([
      say('day'),
      hour('pause'),
      { type: 'repeat', key: 'thrice', from: 'day', times: 3 },
      say('done'),
      { type: 'repeat', key: 'twice', from: 'pause', times: 2 },
    ]);
    expect(said(lines).map((line) => line.split(': ')[1])).toEqual([
      ...['day', 'day', 'day', 'done'],
      ...['day', 'day', 'done'],
    ]);
  });

  it('ends early once its condition holds', () => {
    const steps: StepInput[] = [
      { type: 'ask', key: 'again', text: 'Again?', answer: { kind: 'yesNo' }, timeout: { after: { days: 1 } } },
      { type: 'repeat', key: 'back', from: 'again', times: 10, until: { answer: 'again', eq: false } },
    ];
    expect(said(livedBy(steps, { answers: { again: [true, true, false] } }))).toHaveLength(3);
  });
});

describe('jump, tag and untag', () => {
  it('leads elsewhere and marks the coachee', () => {
    const lines = livedBy([
      { type: 'jump', key: 'over', to: 'mark' },
      say('never'),
      { type: 'tag', key: 'mark', tag: 'vip' },
      { type: 'branch', key: 'known', cases: [{ when: { tag: 'vip' }, goTo: 'unmark' }], otherwise: 'never' },
      { type: 'untag', key: 'unmark', tag: 'vip' },
      say('end'),
    ]);
    expect(lines.map((line) => line.slice(14))).toEqual([
      'event: Tag vip was put on.',
      'event: Case 1 held.',
      'event: Tag vip was taken off.',
      'program: end',
      'event: The journey ended: completed.',
    ]);
  });
});
