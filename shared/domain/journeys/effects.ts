/** From the machine's commands to effects that a shell can carry out: names for people, keys, and instants for rules of time. */
import { realWaitMs } from './clock.ts';
import { type ProgramDefinition, placeOf } from './definition.ts';
import type { EffectCommand } from './messages.ts';
import type { JourneyEffect, JourneyRun, ResolvedWait } from './run.ts';
import type { EffectRef, Shift, WaitRule } from './state.ts';
import { brief } from './summary.ts';
import type { Moment } from './turn.ts';

const WAITING_FOR_ANSWER = 'Waiting for an answer';

type Outstanding = Pick<JourneyRun, 'effect' | 'resolved'>;

export const effectOf = (moment: Moment, command: EffectCommand, run: JourneyRun): Outstanding => {
  const { resolved } = run;
  if (command.type === 'End') {
    return { effect: { kind: 'end', status: command.status, outcome: command.outcome }, resolved: null };
  }
  if (command.type === 'ShiftWait') return waitAgain(moment, run, command.by);
  const { stepKey, occurrence } = command;
  const { definition, keyOf } = moment.input;
  const ref = { stepKey, occurrence };
  const name = nameOf(definition, stepKey);
  const key = keyOf(stepKey, occurrence);
  switch (command.type) {
    case 'Deliver':
    case 'Release':
    case 'Ask': {
      const summary = command.type === 'Ask' ? `Ask: ${name}` : `Send: ${name}`;
      return { effect: { kind: 'send', ...ref, key, summary }, resolved };
    }
    case 'CallWebhook': {
      const { url, body, timeoutSeconds } = command;
      const call = { key, url, body, timeoutSeconds };
      return { effect: { kind: 'webhook', ...ref, call, summary: `Call webhook: ${name}` }, resolved };
    }
    case 'AskCoach': {
      const { prompt, language } = command;
      return {
        effect: { kind: 'coach', ...ref, call: { key, prompt, language }, summary: `Write: ${name}` },
        resolved,
      };
    }
    case 'RunSubprogram': {
      const call = { key, program: command.program };
      return { effect: { kind: 'subprogram', ...ref, call, summary: `Begin subprogram: ${name}` }, resolved };
    }
    case 'WaitUntil':
      return waitUntil(moment, command, resolved);
  }
};

const waitUntil = (
  moment: Moment,
  { rule, forReply, since, anew, stepKey, occurrence }: EffectCommand & { type: 'WaitUntil' },
  resolved: ResolvedWait | null,
): Outstanding => {
  const ref = { stepKey, occurrence };
  if (rule === null) {
    const summary = `${forReply ? WAITING_FOR_ANSWER : 'Held at'}: ${nameIn(moment, ref)}`;
    return { effect: { kind: 'wait', ...ref, dueAtMs: null, summary }, resolved: null };
  }
  // A question's timeout runs on when it is asked again; a message that is put off once more is put off from now.
  // What a question was kept for before it was sent is no timeout of it.
  const wasKept = forReply && !anew && resolved?.asked?.forReply === false;
  const isKnown = (forReply || anew) && !wasKept && resolved?.stepKey === stepKey && resolved.occurrence === since;
  const began = isKnown ? resolved.asked : undefined;
  const stands = isKnown && (!anew || (began !== undefined && isSameRule(began.rule, rule)));
  const fromMs = began?.fromMs ?? moment.fromMs;
  const wait = stands ? resolved : resolve(moment, { stepKey, occurrence: since }, { rule, fromMs, forReply });
  return { effect: waitEffect(moment, ref, wait.dueAtMs, forReply), resolved: wait };
};

const isSameRule = (one: WaitRule, other: WaitRule): boolean => {
  const fields = (rule: WaitRule) => JSON.stringify(Object.entries(rule).sort(([a], [b]) => (a < b ? -1 : 1)));
  return fields(one) === fields(other);
};

/** Counts the wait that is outstanding anew: in the coachee's present zone, and from so much later than it began. */
export const waitAgain = (moment: Moment, run: JourneyRun, by?: Shift): Outstanding => {
  const { effect, resolved } = run;
  if (effect.kind !== 'wait' || !resolved?.asked) return { effect, resolved };
  const { rule, fromMs, timeZone, forReply } = resolved.asked;
  const asked = by
    ? { rule: shiftedRule(rule, by), fromMs: later(moment, fromMs, timeZone, by), forReply }
    : { rule, fromMs, forReply };
  const wait = resolve(moment, resolved, asked);
  const { stepKey = resolved.stepKey, occurrence = resolved.occurrence } = effect;
  return { effect: waitEffect(moment, { stepKey, occurrence }, wait.dueAtMs, forReply), resolved: wait };
};

const resolve = (
  { input: { calendar, timeZone } }: Moment,
  { stepKey, occurrence }: EffectRef,
  asked: { rule: WaitRule; fromMs: number; forReply: boolean },
): ResolvedWait => {
  const dueAtMs = calendar.resolveWait(asked.rule, { nowMs: asked.fromMs, timeZone });
  return { stepKey, occurrence, dueAtMs, asked: { ...asked, timeZone } };
};

const shiftedRule = (rule: WaitRule, { days }: Shift): WaitRule =>
  rule.kind === 'date' ? { ...rule, plusDays: (rule.plusDays ?? 0) + days } : rule;

/** Whole days keep the time of day. */
const later = ({ input: { calendar } }: Moment, fromMs: number, timeZone: string, { days, seconds }: Shift): number =>
  calendar.resolveWait({ kind: 'duration', days, seconds }, { nowMs: fromMs, timeZone });

const waitEffect = (moment: Moment, ref: EffectRef, dueAtMs: number, forReply: boolean): JourneyEffect => {
  const { input, clock } = moment;
  const realDueMs = input.nowMs + realWaitMs(clock, input.nowMs, dueAtMs, forReply);
  const what = forReply ? WAITING_FOR_ANSWER : 'Waiting';
  const until = () => `${input.calendar.formatLocal(dueAtMs, input.timeZone)} (${input.timeZone})`;
  const summary = input.untold ? '' : `${what}: ${nameIn(moment, ref)}, until ${until()}`;
  return { kind: 'wait', stepKey: ref.stepKey, occurrence: ref.occurrence, dueAtMs: realDueMs, summary };
};

const nameIn = ({ input }: Moment, { stepKey }: EffectRef): string => nameOf(input.definition, stepKey);

/** Leaves room in a summary for what is said of the step. */
const NAME_BYTES = 120;

/** What ops read: the step's own name where the creator gave one, else its key. */
const nameOf = (definition: ProgramDefinition, stepKey: string): string =>
  brief(placeOf(definition, stepKey)?.step.name ?? stepKey, NAME_BYTES);
