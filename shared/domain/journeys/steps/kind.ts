/**
 * What a kind of step is made of. A file in this folder makes one by `stepKind` and stands in the registry of
 * index.ts; the machine, lint, the simulator and the contracts know no kind by name.
 */
import type { z } from 'zod';
import type { ProgramDefinition } from '../definition.ts';
import type { Known } from '../known.ts';
import type { MessageMedia, OutgoingMessage, TimelineKind, WaitRule } from '../messages.ts';
import type { DeliveryOutcome, FactValue, HoldOf, JsonValue, StepKey } from '../state.ts';
import type { LatePolicy } from './late.ts';

/** Where in a step something stands: `['cases', 0, 'goTo']`. */
export type FieldPath = (string | number)[];

export interface StepContext {
  known: Known;
  /** The language of the texts, BCP 47. */
  language: string;
  /** How often this step, a `repeat`, has sent the journey back on its present visit. */
  round: number;
}

/** What a step writes down; a trait or tag is seen by the steps that follow in the same decision. */
export type Change =
  | { record: TimelineKind; detail?: { [name: string]: JsonValue } }
  | { answer: FactValue }
  | { result: JsonValue }
  | { trait: string; value: FactValue }
  | { tag: string; present: boolean }
  | { goal: string }
  | { checkIn: { habit: string; done: boolean; amount: number | null } }
  | { giveHabit: { habit: string; forDays: number | null } }
  | { endHabit: string }
  | { rounds: number }
  | { openReview: { text: string; instructions: string | null } }
  | { closeReview: 'approved' | 'edited' | 'rejected' | 'timedOut' };

/** Where a step leads: on, elsewhere, or to an effect whose answer comes back to its `on`. */
export type Move =
  | { move: 'goOn' }
  | { move: 'goTo'; stepKey: StepKey }
  | { move: 'deliver'; message: OutgoingMessage; late?: LatePolicy | undefined }
  | { move: 'ask'; message: OutgoingMessage; misses: number; late?: LatePolicy | undefined }
  /** `unproven`: nobody knows whether the question reached the coachee. */
  | { move: 'awaitReply'; timeout: WaitRule | null; unproven?: boolean }
  | { move: 'wait'; rule: WaitRule }
  /** Until something comes about that is not said by the coachee; `timeout` is answered by `due`. */
  | { move: 'hold'; of: HoldOf; timeout: WaitRule | null }
  | { move: 'askCoach'; prompt: string }
  | { move: 'runSubprogram'; program: string }
  | { move: 'callWebhook'; url: string; body: { [name: string]: JsonValue }; timeoutSeconds: number }
  | { move: 'park'; reason: string }
  | { move: 'finish'; outcome: string };

export type StepOutcome = Move & { changes?: Change[] };

/** What a step that waits is told. A failed delivery never gets here: the machine parks the journey. */
export type StepEvent =
  | { type: 'delivered'; outcome: Exclude<DeliveryOutcome, 'failed'>; reason: string | null; misses: number }
  | { type: 'webhookAnswered'; ok: boolean; result: JsonValue; reason: string | null }
  /** `text` null: the model gave none, and `reason` says why. */
  | { type: 'coachAnswered'; text: string | null; reason: string | null }
  | { type: 'subprogramStarted'; ok: boolean; reason: string | null }
  | { type: 'subprogramEnded'; status: 'finished' | 'exited'; outcome: string }
  | { type: 'signalled'; name: string }
  | { type: 'reviewed'; verdict: 'approved' | 'edited' | 'rejected'; text: string | null; note: string | null }
  | { type: 'changed' }
  /** `unproven`: of a question of which nobody knows whether it reached the coachee. */
  | { type: 'due'; unproven?: boolean }
  /** `chosen`: the value of the pressed button, null when the reply was typed. */
  | { type: 'reply'; text: string; chosen: string | null; misses: number };

/** Somewhere a step can lead: `to` null is the step's normal next. `pause`: what surely lies between. */
export interface Exit {
  to: StepKey | null;
  path: FieldPath;
  pause: 'none' | 'time' | 'person';
  /** For how many seconds the step holds the journey before; at once when not given. `most` is Infinity where nobody knows. */
  lasts?: { least: number; most: number };
  /** The coachee wrote just then. */
  written?: true;
  /** Not taken before that moment of the coachee's calendar: `YYYY-MM-DD`, `HH:MM`. */
  notBefore?: { date: string; time: string };
  /** It leads back, on one visit at most so often. */
  rounds?: number;
}

/** A variable that the step reads: `answers.mood`; of a condition also `adherence.sleep`. */
export interface Reading {
  variable: string[];
  path: FieldPath;
  /** Set where a text reads it; `fallback`: it says what to show when there is no value. */
  inText?: { fallback: boolean };
}

/**
 * A text of a step that people read. `template`: variables are filled in, and it may not be blank. `role` says how a channel shows it, or
 * that only the team (`instructions`) or the model (`prompt`) reads it.
 */
export interface StepText {
  path: FieldPath;
  text: string;
  role: 'body' | 'button' | 'title' | 'subject' | 'instructions' | 'prompt';
}

/** What a step sends to the coachee's chat, as far as it is known beforehand. */
export interface Sent {
  text: string;
  path: FieldPath;
  buttons: { label: string; path: FieldPath; isLink?: boolean }[];
  media?: MessageMedia[] | undefined;
  /** Whether it can go by an approved template of WhatsApp's; `impossible`: this kind of step cannot. */
  template: 'given' | 'missing' | 'impossible';
}

/** What a step's own checks may know of the program around it. */
export type CheckedProgram = Pick<ProgramDefinition, 'language' | 'slug' | 'channels'>;

/** What is wrong within one step, whatever stands around it. */
export interface StepFinding {
  code: string;
  severity: 'error' | 'warning';
  path: FieldPath;
  message: string;
  remedy: string;
}

/** How a simulated coachee answers: something that fits, and something that does not. */
export interface PersonaReplies {
  fitting: string;
  unfitting: string;
  /** One of all that fit, by a fraction in [0, 1); where there is but one sample: that. */
  any?: (fraction: number) => string;
  /** Where it is a habit that is asked after: how to say that it was done and that it was not. */
  habit?: { name: string; done: string; notDone: string };
}

export type StepSchema = z.ZodType<{ type: string; key: StepKey; name?: string | undefined }>;

/** Method syntax throughout: it lets the registry hold kinds of different steps side by side. */
export interface StepKind<Schema extends StepSchema = StepSchema> {
  schema: Schema;
  /** The journey comes to this step. */
  enter(step: z.output<Schema>, context: StepContext): StepOutcome;
  /** The answer to what `enter` or `on` asked for; null when the step does not wait for such a thing. */
  on?(step: z.output<Schema>, event: StepEvent, context: StepContext): StepOutcome | null;
  /** A button of this step was pressed, whether or not the journey is still there; null: not one of its buttons. */
  pressed?(step: z.output<Schema>, value: string): Change[] | null;
  exits(step: z.output<Schema>): Exit[];
  /** Every text that is translated with the program. */
  texts?(step: z.output<Schema>): StepText[];
  /** Variables that it reads besides those in its texts. */
  reads?(step: z.output<Schema>): Reading[];
  /** What others may read under this step's key. */
  gives?(step: z.output<Schema>): 'answer' | 'result' | null;
  /** The fields of its result, where they are always the same. */
  resultFields?: readonly string[];
  /** Those of them that are texts with at least a word, once the step has been left. */
  neverBlank?: readonly string[];
  /** The habit whose check-ins it brings about. */
  checksIn?(step: z.output<Schema>): string;
  /** The habit that it has the coachee keep, with reminders of its own. */
  givesHabit?(step: z.output<Schema>): string | null;
  endsHabit?(step: z.output<Schema>): string | null;
  /** The signal that it waits for, by name. */
  awaits?(step: z.output<Schema>): { signal: string; path: FieldPath } | null;
  sends?(step: z.output<Schema>): Sent | null;
  check?(step: z.output<Schema>, program: CheckedProgram): StepFinding[];
  replies?(step: z.output<Schema>): PersonaReplies;
}

/** Keeps a kind's own schema type while checking its shape. */
export function stepKind<Schema extends StepSchema>(kind: StepKind<Schema>): StepKind<Schema> {
  return kind;
}

/** The exit that a step has when nothing special happens. */
export const goesOn: Exit = { to: null, path: ['next'], pause: 'none' };
