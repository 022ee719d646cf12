/**
 * One turn of a journey, as the shells take it: what the machine decides, as an effect that can be carried out. Times are resolved here,
 * because the machine knows none.
 */
import type { Calendar } from './calendar.ts';
import { afterWait, type JourneyClock, virtualNow } from './clock.ts';
import type { ProgramDefinition } from './definition.ts';
import { effectOf, waitAgain } from './effects.ts';
import { advance, advanceInPlace, initialState } from './machine.ts';
import type {
  BookkeepingCommand,
  EffectCommand,
  EventVerdict,
  JourneyCommand,
  JourneyEvent,
  OutgoingMessage,
  Sending,
} from './messages.ts';
import type { JourneyRun } from './run.ts';
import type { CoacheeFacts, EffectRef } from './state.ts';

export interface TurnInput {
  definition: ProgramDefinition;
  run: JourneyRun | null;
  event: JourneyEvent;
  facts: CoacheeFacts;
  /** Real time, Unix milliseconds. */
  nowMs: number;
  /** Milliseconds that a day lasts in waits (test enrollments), or null for real days; read at the start only. */
  msPerDay: number | null;
  /** The coachee's, IANA name. */
  timeZone: string;
  calendar: Calendar;
  /** The effect's key from its step and occurrence. */
  keyOf: (stepKey: string, occurrence: number) => string;
  /** The run that comes in is used up (see `advanceInPlace`). */
  inPlace?: boolean;
  /** Nobody reads the summaries of effects. */
  untold?: boolean;
}

/** A message to be sent; `content` null: the one that is written down under its key. */
export interface Send extends EffectRef, Sending {
  key: string;
  awaitsReply: boolean;
  content: OutgoingMessage | null;
}

export interface Turn {
  run: JourneyRun;
  verdict: EventVerdict;
  bookkeeping: BookkeepingCommand[];
  /** Set when the effect is a send. */
  send: Send | null;
  /** The send may not go yet: it is only written down. */
  postponed?: true;
  /** The journey's own time of this turn, Unix milliseconds. */
  journeyNowMs: number;
}

/** What an effect is made of beside its command. */
export interface Moment {
  input: TurnInput;
  clock: JourneyClock;
  journeyNowMs: number;
  /** From when waits count. */
  fromMs: number;
}

/** Takes one event through the machine and gives the run after it. */
export const turn = (input: TurnInput): Turn => {
  const { definition, run, nowMs, inPlace } = input;
  const clock = clockAt(input);
  const journeyNowMs = virtualNow(clock, nowMs);
  const moment: Moment = { input, clock, journeyNowMs, fromMs: momentOf(input, journeyNowMs) };
  const event = withTimes(input.event, run, journeyNowMs);
  const decide = inPlace ? advanceInPlace : advance;
  const { state, commands, verdict } = decide(definition, run?.state ?? initialState(), { event, facts: input.facts });
  const command = commands.find(isEffect);
  const before: JourneyRun = run ?? { ...STARTING, state, clock };
  const { pausedAtMs = journeyNowMs, ...after } = command
    ? { ...before, ...effectOf(moment, command, before) }
    : answered(moment, before);
  const waits = after.effect.kind === 'wait';
  return {
    run: {
      ...after,
      turns: before.turns + 1,
      state,
      clock,
      waitingSinceMs: waits ? nowMs : null,
      momentMs: moment.fromMs,
      ...(state.status === 'paused' && { pausedAtMs }),
      ...(verdict === 'accepted' && versionOf(input.event)),
    },
    verdict,
    bookkeeping: commands.filter((one): one is BookkeepingCommand => !isEffect(one)),
    send: sendOf(input, command),
    journeyNowMs,
  };
};

const versionOf = (event: JourneyEvent) =>
  event.type === 'migrate' && event.arrival ? { version: event.arrival.version } : {};

const STARTING: Omit<JourneyRun, 'state' | 'clock'> = {
  turns: 0,
  effect: { kind: 'wait', dueAtMs: null, summary: 'Starting' },
  waitingSinceMs: null,
  resolved: null,
};

/** The clock at this turn: what passed since a wait began counts at the journey's pace. */
const clockAt = ({ run, nowMs, msPerDay }: TurnInput): JourneyClock => {
  if (run === null) return { offsetMs: 0, msPerDay };
  const { effect, resolved, waitingSinceMs: sinceMs } = run;
  const endsMs = effect.kind === 'wait' ? effect.dueAtMs : null;
  const timed = sinceMs !== null && endsMs !== null && resolved !== null;
  return afterWait(run.clock, timed ? { sinceMs, endsMs, dueAtMs: resolved.dueAtMs } : null, nowMs);
};

/** So long may a server or a provider take without putting the journey's times off. */
const PROMPT_MS = 60_000;

/** Answers belong to the moment that brought about what they answer; a time that has come to that time. */
const momentOf = ({ run, event }: TurnInput, journeyNowMs: number): number => {
  const known = ANSWERS.has(event.type) ? run?.momentMs : event.type === 'due' ? run?.resolved?.dueAtMs : undefined;
  return known !== undefined && known <= journeyNowMs && journeyNowMs - known < PROMPT_MS ? known : journeyNowMs;
};

const ANSWERS = new Set<JourneyEvent['type']>([
  ...(['delivered', 'postponed', 'webhookAnswered', 'coachAnswered', 'subprogramStarted'] as const),
]);

/** Tells the machine how late it is, and how long a pause was: it cannot know. */
const withTimes = (event: JourneyEvent, run: JourneyRun | null, journeyNowMs: number): JourneyEvent => {
  const lateSeconds = Math.floor((journeyNowMs - (run?.resolved?.dueAtMs ?? journeyNowMs)) / 1000);
  const late = lateSeconds > 0 && { lateSeconds };
  if (event.type === 'due') return { ...event, ...late };
  if (event.type !== 'resume') return event;
  const pausedMs = journeyNowMs - (run?.pausedAtMs ?? journeyNowMs);
  const days = Math.floor(pausedMs / DAY_MS);
  return { ...event, ...late, paused: { days, seconds: Math.round((pausedMs - days * DAY_MS) / 1000) } };
};

const DAY_MS = 86_400_000;

const EFFECTS = new Set<JourneyCommand['type']>([
  ...([
    'Deliver',
    'Ask',
    'Release',
    'WaitUntil',
    'ShiftWait',
    'CallWebhook',
    'AskCoach',
    'RunSubprogram',
    'End',
  ] as const),
]);
const isEffect = (command: JourneyCommand): command is EffectCommand => EFFECTS.has(command.type);

/**
 * Without a new effect the old one stands; but a time that has come does not come again, a message that stood before another effect has gone, and a coachee
 * who has moved to another zone waits by that one's clock.
 */
const answered = (moment: Moment, run: JourneyRun): JourneyRun => {
  const { event, timeZone } = moment.input;
  if (event.type === 'delivered' && run.after) {
    const { after: effect, ...rest } = run;
    return { ...rest, effect };
  }
  if (run.effect.kind !== 'wait') return run;
  if (event.type === 'due') return { ...run, effect: { ...run.effect, dueAtMs: null } };
  const moved = run.effect.dueAtMs !== null && run.resolved?.asked && run.resolved.asked.timeZone !== timeZone;
  return moved ? { ...run, ...waitAgain(moment, run) } : run;
};

const sendOf = ({ keyOf }: TurnInput, command: EffectCommand | undefined): Send | null => {
  if (command?.type !== 'Deliver' && command?.type !== 'Ask' && command?.type !== 'Release') return null;
  const { stepKey, occurrence, prompted, mayMerge } = command;
  return {
    ...{ stepKey, occurrence, key: keyOf(stepKey, occurrence), awaitsReply: command.type === 'Ask' },
    content: command.type === 'Release' ? null : command.message,
    ...(prompted && { prompted }),
    ...(mayMerge && { mayMerge }),
  };
};
