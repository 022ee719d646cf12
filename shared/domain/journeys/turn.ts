/**
 * One turn of a journey, whoever runs it: the clock moves on, the machine decides, and its effect is resolved to what a shell can do: a key to send, an
 * instant to sleep until. Pure; the calendar is given.
 */
import { afterWait, type JourneyClock, realWaitMs, virtualNow } from './clock.ts';
import { type ProgramDefinition, placeOf } from './definition.ts';
import { advance, initialState } from './machine.ts';
import type {
  BookkeepingCommand,
  EffectCommand,
  EventVerdict,
  JourneyCommand,
  JourneyEvent,
  OutgoingMessage,
  WaitRule,
} from './messages.ts';
import type { JourneyEffect, JourneyRun } from './run.ts';
import type { CoacheeFacts } from './state.ts';
import { brief } from './summary.ts';

export interface TurnInput {
  definition: ProgramDefinition;
  run: JourneyRun | null;
  event: JourneyEvent;
  facts: CoacheeFacts;
  /** Real time, Unix milliseconds. */
  nowMs: number;
  /** Milliseconds that a day lasts in waits (test enrollments), or null for real days; read at the start only. */
  msPerDay: number | null;
  /** The effect's key from its step and occurrence. */
  keyOf: (stepKey: string, occurrence: number) => string;
  /** The instant that a rule means, seen from `journeyNowMs` in the coachee's time zone. */
  resolve: (rule: WaitRule, journeyNowMs: number) => number;
  /** An instant of the journey's time as the coachee's clock shows it, in plain language for summaries. */
  describe: (instantMs: number) => string;
}

export interface Turn {
  run: JourneyRun;
  verdict: EventVerdict;
  bookkeeping: BookkeepingCommand[];
  /** Set when the effect is a send: what is to be written down under its key. */
  message: ({ key: string; awaitsReply: boolean } & OutgoingMessage & { stepKey: string; occurrence: number }) | null;
  /** The journey's own time of this turn, Unix milliseconds. */
  journeyNowMs: number;
}

/** Takes one event through the machine and gives the run after it. */
export const turn = (input: TurnInput): Turn => {
  const { definition, run, event, facts, nowMs } = input;
  const clock = clockAt(input);
  const journeyNowMs = virtualNow(clock, nowMs);
  const { state, commands, verdict } = advance(definition, run?.state ?? initialState(), { event, facts });
  const command = commands.find(isEffect);
  const before: JourneyRun = run ?? {
    turns: 0,
    state,
    clock,
    effect: { kind: 'wait', dueAtMs: null, summary: 'Starting' },
    waitingSinceMs: null,
    resolved: null,
  };
  const after = command
    ? { ...before, ...effectOf(input, command, before, clock, journeyNowMs) }
    : answered(before, event);
  const waits = after.effect.kind === 'wait';
  return {
    run: { ...after, turns: before.turns + 1, state, clock, waitingSinceMs: waits ? nowMs : null },
    verdict,
    bookkeeping: commands.filter((one): one is BookkeepingCommand => !isEffect(one)),
    message: messageOf(input, command),
    journeyNowMs,
  };
};

/** The clock at this turn: what passed since a wait began counts at the journey's pace. */
const clockAt = ({ run, nowMs, msPerDay }: TurnInput): JourneyClock => {
  if (run === null) return { offsetMs: 0, msPerDay };
  const { effect, resolved, waitingSinceMs: sinceMs } = run;
  const endsMs = effect.kind === 'wait' ? effect.dueAtMs : null;
  const timed = sinceMs !== null && endsMs !== null && resolved !== null;
  return afterWait(run.clock, timed ? { sinceMs, endsMs, dueAtMs: resolved.dueAtMs } : null, nowMs);
};

const EFFECTS = new Set(['Deliver', 'Ask', 'WaitUntil', 'CallWebhook', 'End']);
const isEffect = (command: JourneyCommand): command is EffectCommand => EFFECTS.has(command.type);

/** Without a new effect the old one stands; but a time that has come does not come again. */
const answered = (run: JourneyRun, event: JourneyEvent): JourneyRun => {
  if (event.type !== 'due' || run.effect.kind !== 'wait') return run;
  return { ...run, effect: { ...run.effect, dueAtMs: null } };
};

const effectOf = (
  input: TurnInput,
  command: EffectCommand,
  run: JourneyRun,
  clock: JourneyClock,
  journeyNowMs: number,
): Pick<JourneyRun, 'effect' | 'resolved'> => {
  const { resolved } = run;
  if (command.type === 'End')
    return { effect: { kind: 'end', status: command.status, outcome: command.outcome }, resolved: null };
  const { stepKey, occurrence } = command;
  const ref = { stepKey, occurrence };
  const name = nameOf(input.definition, stepKey);
  switch (command.type) {
    case 'Deliver':
    case 'Ask': {
      const summary = command.type === 'Ask' ? `Ask: ${name}` : `Send: ${name}`;
      return { effect: { kind: 'send', ...ref, key: input.keyOf(stepKey, occurrence), summary }, resolved };
    }
    case 'CallWebhook': {
      const { url, body, timeoutSeconds } = command;
      const call = { key: input.keyOf(stepKey, occurrence), url, body, timeoutSeconds };
      return { effect: { kind: 'webhook', ...ref, call, summary: `Call webhook: ${name}` }, resolved };
    }
    case 'WaitUntil': {
      if (command.rule === null) {
        const summary = command.forReply ? `Waiting for an answer: ${name}` : `Parked at: ${name}`;
        return { effect: { kind: 'wait', ...ref, dueAtMs: null, summary }, resolved: null };
      }
      const known = resolved?.stepKey === stepKey && resolved.occurrence === command.since ? resolved.dueAtMs : null;
      const dueAtMs = known ?? input.resolve(command.rule, journeyNowMs);
      const summary = `${command.forReply ? `Waiting for an answer: ${name}, until` : `Waiting: ${name}, until`} ${input.describe(dueAtMs)}`;
      const effect: JourneyEffect = {
        kind: 'wait',
        ...ref,
        dueAtMs: input.nowMs + realWaitMs(clock, input.nowMs, dueAtMs, command.forReply),
        summary,
      };
      return { effect, resolved: { stepKey, occurrence: command.since, dueAtMs } };
    }
  }
};

const messageOf = (input: TurnInput, command: EffectCommand | undefined): Turn['message'] => {
  if (command?.type !== 'Deliver' && command?.type !== 'Ask') return null;
  const { stepKey, occurrence, message } = command;
  return {
    ...message,
    stepKey,
    occurrence,
    key: input.keyOf(stepKey, occurrence),
    awaitsReply: command.type === 'Ask',
  };
};

/** Leaves room in a summary for what is said of the step. */
const NAME_BYTES = 120;

/** What ops read: the step's own name where the creator gave one, else its key. */
const nameOf = (definition: ProgramDefinition, stepKey: string): string =>
  brief(placeOf(definition, stepKey)?.step.name ?? stepKey, NAME_BYTES);
