/** Whatever two programs there are and however a journey lives: it may be moved from one to the other, and nothing is lost or said twice. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { placeOf } from '../../shared/domain/journeys/definition.ts';
import { advance, initialState } from '../../shared/domain/journeys/machine.ts';
import type { Decision, EffectCommand, JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import { landingOf, type StepMapping, type Target } from '../../shared/domain/journeys/migrate.ts';
import type { CoacheeFacts, EffectRef, HoldOf, JourneyState } from '../../shared/domain/journeys/state.ts';
import { kindOf } from '../../shared/domain/journeys/steps/index.ts';
import { ana, applied, isEffect } from '../support/journeys.ts';
import { cleanProgram } from '../support/programs.ts';

/** Short before the move, so that few journeys are over by then. */
const tapes = fc.tuple(fc.array(fc.nat(999), { maxLength: 10 }), fc.array(fc.nat(999), { maxLength: 40 }));

interface Taken {
  before: JourneyState;
  event: JourneyEvent;
  decision: Decision;
}

/** Lives the one, is moved, lives the other, and is maybe moved back. */
const live = (from: ProgramDefinition, to: ProgramDefinition, choices: number[][], lot: number): Taken[] => {
  const taken: Taken[] = [];
  let state = initialState();
  let facts: CoacheeFacts = ana;
  const take = (definition: ProgramDefinition, event: JourneyEvent) => {
    const decision = advance(definition, state, { event, facts });
    taken.push({ before: state, event, decision });
    facts = applied(facts, decision.commands);
    state = decision.state;
  };
  take(from, { type: 'start' });
  for (const choice of choices[0] ?? []) take(from, eventOf(from, state, choice, taken.length));
  const landing = landingOf(from, to, state, mappingOf(from, to, lot));
  const before = state;
  take(to, { type: 'migrate', id: 'there', migrationId: 'm', arrival: { version: 2, landing } });
  const hasMoved = taken.at(-1)?.decision.verdict === 'accepted';
  const livesBy = hasMoved ? to : from;
  if (hasMoved && lot % 3 === 0) {
    const back = { lands: 'back', state: before, why: '' } as const;
    take(from, { type: 'migrate', id: 'back', migrationId: 'm', undo: true, arrival: { version: 1, landing: back } });
    for (const choice of choices[1] ?? []) take(from, eventOf(from, state, choice, taken.length));
    return taken;
  }
  for (const choice of choices[1] ?? []) take(livesBy, eventOf(livesBy, state, choice, taken.length));
  return taken;
};

/** Every step of the old version somewhere, so that there is no conflict; some left out. */
const mappingOf = (from: ProgramDefinition, to: ProgramDefinition, lot: number): StepMapping =>
  Object.fromEntries(
    from.steps.flatMap(({ key }, i): [string, Target][] => {
      const pick = (lot + 7 * i) % 5;
      if (pick === 0) return [];
      if (pick === 1) return [[key, { restart: true }]];
      if (pick === 2 && lot % 4 === 0) return [[key, { finish: 'moved out' }]];
      return [[key, { goTo: to.steps[(lot + i) % to.steps.length]?.key ?? '' }]];
    }),
  );

/** What a step holds for, or that its time has come. */
const heldEvent = (of: HoldOf, choice: number, ref: EffectRef): JourneyEvent => {
  if (of === 'review' && choice % 3) return { type: 'review', id: `v${choice}`, verdict: 'approved', ...ref };
  if (of === 'subprogram' && choice % 3 === 0) return { type: 'subprogramStarted', ok: choice % 2 === 0, ...ref };
  if (of === 'subprogram') return { type: 'subprogramEnded', id: 'sub', status: 'finished', outcome: 'done', ...ref };
  return { type: 'due', ...ref };
};

const controlOf = ({ status }: JourneyState, choice: number, id: string): JourneyEvent | null => {
  if (choice % 11 === 0) return { type: 'pause', id };
  if (status === 'paused' && choice % 2) {
    return { type: 'resume', id, mode: choice % 4 === 1 ? 'shift' : 'compress' };
  }
  if (status === 'parked') return { type: choice % 2 ? 'retry' : 'skip', id };
  return choice % 13 === 0 ? { type: 'skip', id } : null;
};

const eventOf = (definition: ProgramDefinition, state: JourneyState, choice: number, i: number): JourneyEvent => {
  const { pending } = state;
  const id = `e${i}`;
  const ref = { stepKey: pending?.stepKey ?? '', occurrence: pending?.occurrence ?? 0 };
  const control = controlOf(state, choice, id);
  if (control) return control;
  switch (pending?.kind) {
    case 'delivery':
      return { type: 'delivered', outcome: choice % 7 === 0 ? 'failed' : 'sent', ...ref };
    case 'webhook':
      return { type: 'webhookAnswered', ok: choice % 2 === 0, result: { choice }, ...ref };
    case 'coach':
      return { type: 'coachAnswered', ok: choice % 2 === 0, text: 'Well done', ...ref };
    case 'hold':
      return heldEvent(pending.of, choice, ref);
    case 'reply': {
      const step = placeOf(definition, state.at ?? '')?.step;
      if (choice % 5 === 0) return { type: 'due', ...ref };
      return { type: 'reply', id, text: choice % 3 ? ((step && kindOf(step).replies?.(step).fitting) ?? '') : '\0?' };
    }
    default:
      return { type: 'due', ...ref };
  }
};

const everyLife = (check: (taken: Taken[], to: ProgramDefinition) => void) =>
  fc.assert(
    fc.property(cleanProgram, cleanProgram, tapes, fc.nat(999), (from, to, choices, lot) => {
      check(live(from, to, choices, lot), to);
    }),
    { numRuns: 1000 },
  );

const moveOf = (taken: Taken[]) => taken.find(({ event }) => event.type === 'migrate') as Taken;

it('a move is taken, refused or too early, and leaves a state that survives JSON', () => {
  everyLife((taken) => {
    expect(['accepted', 'refused', 'early', 'ended']).toContain(moveOf(taken).decision.verdict);
    for (const { decision } of taken) {
      const { state } = decision;
      expect(isDeepStrictEqual(JSON.parse(JSON.stringify(state)), state)).toBe(true);
    }
  });
});

it('no key is used twice, over both versions', () => {
  everyLife((taken) => {
    const refs = taken
      .flatMap(({ decision: { commands, state } }) =>
        commands.filter(isEffect).filter((effect) => isNew(effect, state)),
      )
      .map((effect) => ('stepKey' in effect ? `${effect.stepKey}/${effect.occurrence}` : ''));
    expect(new Set(refs).size).toBe(refs.length);
  });
});

/** What goes on, and what ends, uses no key; what a step waits for once it has sent or begun something bears the key of that. */
const isNew = (effect: EffectCommand, { pending }: JourneyState): boolean => {
  if (effect.type === 'End' || effect.type === 'ShiftWait' || effect.type === 'Release') return false;
  return effect.type !== 'WaitUntil' || (pending?.kind === 'time' && !effect.anew);
};

it('answers, results, goals and rounds survive', () => {
  everyLife((taken) => {
    const { before, decision } = moveOf(taken);
    if (decision.verdict !== 'accepted') return;
    const { answers, results, goals } = decision.state;
    expect(answers).toMatchObject(before.answers);
    for (const key of Object.keys(before.results)) expect(Object.hasOwn(results, key)).toBe(true);
    for (const goal of before.goals) expect(goals).toContain(goal);
  });
});

it('who was paused or parked stays so, and who was active awaits something', () => {
  everyLife((taken) => {
    const { before, decision } = moveOf(taken);
    if (decision.verdict !== 'accepted') return;
    const { status, pending } = decision.state;
    if (status === 'finished') return;
    if (before.status !== 'active') expect(status).toBe(before.status);
    if (status === 'active' || status === 'paused') expect(pending).not.toBeNull();
    else expect(pending).toBeNull();
  });
});

it('who waits at a step of the same kind is sent nothing by the move', () => {
  everyLife((taken, to) => {
    // An exit of the new version may open at once.
    if (to.exits) return;
    const { event, before, decision } = moveOf(taken);
    if (decision.verdict !== 'accepted' || event.type !== 'migrate') return;
    const landing = event.arrival?.landing;
    if (!landing || !('keeps' in landing) || !landing.keeps) return;
    if (placeOf(to, landing.stepKey ?? '')?.step.type === 'waitFor') return;
    expect(decision.commands.filter(({ type }) => type === 'Ask' || type === 'Deliver')).toEqual([]);
    expect(decision.state.pending).toEqual(before.pending);
  });
});
