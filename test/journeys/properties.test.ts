import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { placeOf } from '../../shared/domain/journeys/definition.ts';
import { lint } from '../../shared/domain/journeys/lint/lint.ts';
import { advance, advanceInPlace, initialState } from '../../shared/domain/journeys/machine.ts';
import type { Decision, JourneyEvent, JourneyInput } from '../../shared/domain/journeys/messages.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import type { CoacheeFacts, JourneyState, Pending } from '../../shared/domain/journeys/state.ts';
import { kindOf } from '../../shared/domain/journeys/steps/index.ts';
import { ana, applied, deepFreeze, isEffect } from '../support/journeys.ts';
import { cleanProgram } from '../support/programs.ts';

/** A tape of choices: at each decision, what the world does next. */
const tape = fc.array(fc.nat(999), { maxLength: 60 });

interface Visit {
  input: JourneyInput;
  before: JourneyState;
  decision: Decision;
}

/** Lives a program as the tape says, and gives every decision on the way. */
function live(definition: ProgramDefinition, choices: number[], choose: typeof anyEvent): Visit[] {
  const visits: Visit[] = [];
  let state = initialState();
  let facts: CoacheeFacts = ana;
  let event: JourneyEvent = { type: 'start' };
  for (const [i, choice] of [0, ...choices].entries()) {
    if (i > 0) event = choose(definition, state, choice, i);
    const input = { event, facts };
    const decision = advance(definition, state, input);
    visits.push({ input, before: state, decision });
    facts = applied(facts, decision.commands);
    state = decision.state;
  }
  return visits;
}

/** What the pending effect waits for, done well. */
function goodEvent(definition: ProgramDefinition, { pending }: JourneyState, choice: number, i: number): JourneyEvent {
  const ref = { stepKey: pending?.stepKey ?? '', occurrence: pending?.occurrence ?? 0 };
  switch (pending?.kind) {
    case 'delivery':
      return { type: 'delivered', outcome: choice % 2 ? 'sent' : 'ambiguous', ...ref };
    case 'webhook':
      return { type: 'webhookAnswered', ok: true, result: { choice }, ...ref };
    case 'coach':
      return choice % 3
        ? { type: 'coachAnswered', ok: true, text: `Well done ${choice}`, ...ref }
        : { type: 'coachAnswered', ok: false, reason: 'the model is down', ...ref };
    case 'hold':
      return goodEnd(definition, pending, choice, `h${i}`);
    case 'reply': {
      const step = placeOf(definition, ref.stepKey)?.step;
      const hasTimeout = step !== undefined && 'timeout' in step && step.timeout !== undefined;
      if (choice % 3 === 0 && hasTimeout) return { type: 'due', ...ref };
      return { type: 'reply', id: `r${i}`, text: (step && kindOf(step).replies?.(step).fitting) ?? '' };
    }
    default:
      return { type: 'due', ...ref };
  }
}

/** What ends a hold. */
function goodEnd(
  definition: ProgramDefinition,
  pending: Pending & { kind: 'hold' },
  choice: number,
  id: string,
): JourneyEvent {
  const { stepKey, occurrence } = pending;
  const ref = { stepKey, occurrence };
  if (pending.of === 'subprogram') {
    return choice % 2
      ? { type: 'subprogramEnded', id, status: 'finished', outcome: 'completed', ...ref }
      : { type: 'subprogramStarted', ok: false, reason: 'lives in it already', ...ref };
  }
  if (choice % 3 === 0) return { type: 'due', ...ref };
  if (pending.of === 'review') {
    return choice % 3 === 1
      ? { type: 'review', id, verdict: 'edited', text: `Better ${choice}`, ...ref }
      : { type: 'review', id, verdict: 'rejected', ...ref };
  }
  const step = placeOf(definition, stepKey)?.step;
  return step?.type === 'waitFor' && step.signal
    ? { type: 'signal', id, name: step.signal, payload: { amount: choice, by: 'Bo', again: false } }
    : { type: 'due', ...ref };
}

/** Anything that can come, sensible or not. */
function anyEvent(definition: ProgramDefinition, state: JourneyState, choice: number, i: number): JourneyEvent {
  const id = `e${i}`;
  const stepKey = definition.steps[choice % definition.steps.length]?.key ?? '';
  const others: JourneyEvent[] = [
    { type: 'pause', id },
    { type: 'resume', id },
    { type: 'skip', id },
    { type: 'retry', id, reason: 'tried again' },
    { type: 'reply', id, text: 'what?\0\uD800' },
    { type: 'reply', id, text: 'Good', chosen: { stepKey, occurrence: 1, value: 'good' } },
    { type: 'signal', id, name: 'jump', payload: {} },
    { type: 'signal', id, name: 'paid', payload: { amount: -0, by: 'Bo', again: true } },
    { type: 'signal', id, name: 'paid', payload: { amount: 'much' } },
    { type: 'delivered', outcome: choice % 2 ? 'failed' : 'dropped', ...refOf(state) },
    { type: 'webhookAnswered', ok: false, reason: 'no', ...refOf(state) },
    { type: 'due', stepKey, occurrence: choice % 3 },
    { type: 'start' },
    { type: 'unlock', id, ...(choice % 2 && { stepKey }) },
    { type: 'shift', id, days: (choice % 9) - 4 },
    { type: 'resume', id, mode: 'shift', paused: { days: choice % 3, seconds: choice } },
    { type: 'changed', id },
    { type: 'review', id, verdict: 'approved', ...refOf(state) },
    { type: 'coachAnswered', ok: false, reason: 'no', ...refOf(state) },
    { type: 'subprogramEnded', id, status: 'exited', outcome: 'left', ...refOf(state) },
  ];
  if (choice % 40 === 39) return { type: 'exit', id, reason: 'enough' };
  return choice % 3 ? (others[choice % others.length] as JourneyEvent) : goodEvent(definition, state, choice, i);
}

function refOf({ pending }: JourneyState) {
  return { stepKey: pending?.stepKey ?? '', occurrence: pending?.occurrence ?? 0 };
}

/** To look once more is harmless, an answer that comes again finds another effect pending, and so does a review that came too late. */
function isNotRemembered({ type }: JourneyEvent, { verdict }: Decision): boolean {
  return type === 'changed' || type === 'subprogramEnded' || (type === 'review' && verdict === 'notAwaited');
}

const everyVisit = (check: (visit: Visit, definition: ProgramDefinition) => void) =>
  fc.assert(
    fc.property(cleanProgram, tape, (definition, choices) => {
      for (const visit of live(definition, choices, anyEvent)) check(visit, definition);
    }),
    { numRuns: 300 },
  );

describe('whatever comes', () => {
  it('the generated programs lint without errors', () => {
    fc.assert(
      fc.property(cleanProgram, (definition) => {
        expect(lint(definition).filter(({ severity }) => severity === 'error')).toEqual([]);
      }),
    );
  });

  it('every state survives JSON unchanged', () => {
    everyVisit(({ decision }) => {
      const { state } = decision;
      const copy = JSON.parse(JSON.stringify(state));
      // Not toStrictEqual: it is led astray by a step called `constructor`.
      expect(isDeepStrictEqual(copy, state), JSON.stringify(state)).toBe(true);
    });
  });

  it('the same input gives the same decision, and nothing that was given is changed', () => {
    everyVisit(({ input, before, decision }, definition) => {
      deepFreeze([definition, before, input, decision]);
      expect(isDeepStrictEqual(advance(definition, before, input), decision)).toBe(true);
    });
  });

  it('deciding in place decides the same', () => {
    fc.assert(
      fc.property(cleanProgram, tape, (definition, choices) => {
        let state = initialState();
        for (const { input, decision } of live(definition, choices, anyEvent)) {
          const inPlace = advanceInPlace(definition, state, input);
          expect(isDeepStrictEqual(inPlace, decision)).toBe(true);
          state = inPlace.state;
        }
      }),
    );
  });

  it('a decision has at most one effect, and it comes last', () => {
    everyVisit(({ decision: { commands } }) => {
      const effects = commands.filter(isEffect);
      expect(effects.length).toBeLessThanOrEqual(1);
      if (effects.length === 1) expect(commands.at(-1)).toBe(effects[0]);
    });
  });

  it('an event whose id was handled changes nothing when it comes again', () => {
    everyVisit(({ input, decision }, definition) => {
      if (!('id' in input.event) || decision.verdict === 'early' || isNotRemembered(input.event, decision)) return;
      const again = advance(definition, decision.state, input);
      expect(['duplicate', 'ended']).toContain(again.verdict);
      expect(again.state).toBe(decision.state);
      expect(again.commands).toEqual([]);
    });
  });

  it('an event that comes early is left undone and unremembered', () => {
    everyVisit(({ before, decision }) => {
      if (decision.verdict !== 'early') return;
      expect(decision.state).toBe(before);
      expect(decision.commands).toEqual([]);
    });
  });

  it('nothing happens after the end', () => {
    everyVisit(({ before, decision }) => {
      if (before.status === 'finished' || before.status === 'exited') expect(decision.verdict).toBe('ended');
    });
  });

  it('a journey that goes on awaits something, unless it is parked', () => {
    everyVisit(({ decision: { state } }) => {
      if (state.status === 'active' || state.status === 'paused') expect(state.pending).not.toBeNull();
      else expect(state.pending).toBeNull();
      expect(state.parkedReason !== null).toBe(state.status === 'parked');
      expect(state.handled.length).toBeLessThanOrEqual(50);
    });
  });
});

describe('effects', () => {
  it('no two sends, calls or waits share a ref', () => {
    fc.assert(
      fc.property(cleanProgram, tape, (definition, choices) => {
        const refs = live(definition, choices, anyEvent).flatMap(({ decision: { commands, state } }) =>
          commands
            .filter(isEffect)
            .filter((effect) => effect.type !== 'End' && effect.type !== 'ShiftWait')
            // What a step waits for once it has sent or begun something bears the ref of that.
            .filter((effect) => effect.type !== 'WaitUntil' || state.pending?.kind === 'time')
            .map(({ stepKey, occurrence }) => `${stepKey}/${occurrence}`),
        );
        expect(new Set(refs).size).toBe(refs.length);
      }),
      { numRuns: 500 },
    );
  });

  it('awaiting a reply bears the ref of the question just sent', () => {
    everyVisit(({ input: { event }, before, decision: { commands } }, definition) => {
      const effect = commands.at(-1);
      if (effect?.type !== 'WaitUntil' || !effect.forReply) return;
      if (placeOf(definition, effect.stepKey)?.step.type === 'waitFor') return;
      const answered = event.type === 'resume' ? before.held : event;
      expect(answered).toMatchObject({ type: 'delivered', stepKey: effect.stepKey, occurrence: effect.occurrence });
    });
  });
});

describe('a program that lints clean', () => {
  it('never gets stuck: every good event leads on, to an effect or the end', () => {
    fc.assert(
      fc.property(cleanProgram, fc.array(fc.nat(999), { minLength: 50, maxLength: 200 }), (definition, choices) => {
        for (const { before, decision } of live(definition, choices, goodEvent)) {
          if (before.status === 'finished' || before.status === 'exited') break;
          expect(decision.verdict).toBe('accepted');
          expect(decision.state.status).not.toBe('parked');
          expect(decision.commands.filter(isEffect)).toHaveLength(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is never parked in a simulation, however the coachee answers', () => {
    const policy = fc.constantFrom('agreeable' as const, 'contrary' as const, 'silent' as const);
    fc.assert(
      fc.property(cleanProgram, policy, (definition, chosen) => {
        const persona = { name: 'Ana', timeZone: 'Europe/Lisbon', startAt: '2026-03-10T18:20:00Z', policy: chosen };
        const lived = simulate(definition, persona, { formatLocal, resolveWait }, { maxEntries: 150 });
        expect(lived.status).not.toBe('parked');
      }),
      { numRuns: 300 },
    );
  });
});
