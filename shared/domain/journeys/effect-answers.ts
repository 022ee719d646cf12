/** What becomes of the shell's answers to effects: deliveries, webhooks, the model's texts, times that have come. */
import { broughtAboutBy, type Draft } from './draft.ts';
import type { EventVerdict } from './messages.ts';
import type { EffectAnswer, JourneyState, Pending } from './state.ts';
import type { StepEvent } from './steps/kind.ts';
import { follow, park, tellStep, walkTo } from './walk.ts';

export function takeAnswer(draft: Draft, answer: EffectAnswer): EventVerdict {
  const { state } = draft;
  if (!awaits(state, answer)) return 'notAwaited';
  if (state.status === 'paused') {
    if (state.held) return 'duplicate';
    state.held = { ...answer };
    return 'accepted';
  }
  if (answer.type === 'postponed') return postpone(draft, answer);
  if (answer.type === 'due') return takeDue(draft, answer);
  if (answer.type === 'delivered' && answer.outcome === 'failed') {
    const why = answer.reason ?? 'the provider refused it';
    draft.record('notSent', { why });
    park(draft, `The message of step ${answer.stepKey} could not be sent: ${why}`);
    return 'accepted';
  }
  if (answer.type === 'subprogramEnded' || answer.type === 'signalled') broughtAboutBy(draft, {});
  return tellAndFollow(draft, stepEvent(answer, state));
}

/** Keeps a message that may not go yet; its step is told nothing until it has gone. */
function postpone(
  draft: Draft,
  { rule, why, stepKey, occurrence }: EffectAnswer & { type: 'postponed' },
): EventVerdict {
  const { pending } = draft.state;
  if (pending?.kind !== 'delivery') return 'notAwaited';
  draft.state.pending = { ...pending, postponed: true };
  draft.record('postponed', { why });
  draft.effect({ type: 'WaitUntil', rule, forReply: false, since: occurrence, stepKey, occurrence });
  return 'accepted';
}

function takeDue(draft: Draft, { lateSeconds }: EffectAnswer & { type: 'due' }): EventVerdict {
  const { state } = draft;
  const { pending } = state;
  if (pending?.kind === 'delivery') {
    const { postponed: _, ...underWay } = pending;
    const { stepKey, occurrence } = pending;
    state.pending = underWay;
    draft.effect({ type: 'Release', stepKey, occurrence });
    return 'accepted';
  }
  broughtAboutBy(draft, { lateSeconds });
  state.stepsSincePause = 0;
  if (pending?.kind === 'time' && (pending.opens || pending.enters)) {
    walkTo(draft, state.at);
    return 'accepted';
  }
  const unproven = pending?.kind === 'reply' && pending.unproven === true;
  return tellAndFollow(draft, { type: 'due', unproven });
}

function tellAndFollow(draft: Draft, event: StepEvent): EventVerdict {
  const outcome = tellStep(draft, event);
  if (!outcome) return 'notAwaited';
  follow(draft, outcome);
  return 'accepted';
}

/** Whether it is the answer to just what is pending; an older one comes late and moves nothing. */
function awaits({ pending }: JourneyState, { type, stepKey, occurrence }: EffectAnswer): boolean {
  return pending?.stepKey === stepKey && pending.occurrence === occurrence && ANSWERS[type](pending);
}

const isUnderWay = (pending: Pending) => pending.kind === 'delivery' && !pending.postponed;
const isSubprogram = (pending: Pending) => pending.kind === 'hold' && pending.of === 'subprogram';

const ANSWERS: Record<EffectAnswer['type'], (pending: Pending) => boolean> = {
  delivered: isUnderWay,
  postponed: isUnderWay,
  webhookAnswered: ({ kind }) => kind === 'webhook',
  coachAnswered: ({ kind }) => kind === 'coach',
  signalled: ({ kind }) => kind === 'hold',
  subprogramStarted: isSubprogram,
  subprogramEnded: isSubprogram,
  due: (pending) => (pending.kind === 'delivery' ? pending.postponed === true : TIMED.has(pending.kind)),
};

const TIMED = new Set<Pending['kind']>(['time', 'reply', 'hold']);

function stepEvent(answer: Exclude<EffectAnswer, { type: 'due' | 'postponed' }>, { pending }: JourneyState): StepEvent {
  switch (answer.type) {
    case 'webhookAnswered':
      return { type: 'webhookAnswered', ok: answer.ok, result: answer.result ?? null, reason: answer.reason ?? null };
    case 'coachAnswered':
      return { type: 'coachAnswered', text: answer.ok ? (answer.text ?? '') : null, reason: answer.reason ?? null };
    case 'subprogramStarted':
      return { type: 'subprogramStarted', ok: answer.ok, reason: answer.reason ?? null };
    case 'subprogramEnded':
      return { type: 'subprogramEnded', status: answer.status, outcome: answer.outcome };
    case 'signalled':
      return { type: 'signalled', name: answer.name };
    case 'delivered': {
      const misses = pending?.kind === 'delivery' ? pending.misses : 0;
      // A failed delivery parks the journey before a step is asked.
      const outcome = answer.outcome === 'failed' ? 'dropped' : answer.outcome;
      return { type: 'delivered', outcome, reason: answer.reason ?? null, misses };
    }
  }
}
