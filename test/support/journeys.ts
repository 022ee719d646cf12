/** Drives the machine by hand: given these events, then these commands. */
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { factsAfter } from '../../shared/domain/journeys/facts.ts';
import { advance, initialState } from '../../shared/domain/journeys/machine.ts';
import type {
  Decision,
  EffectCommand,
  EventVerdict,
  JourneyCommand,
  JourneyEvent,
  TimelineKind,
} from '../../shared/domain/journeys/messages.ts';
import type { CoacheeFacts, JourneyState } from '../../shared/domain/journeys/state.ts';

export const ana: CoacheeFacts = {
  ...{ id: 'ana', name: 'Ana', language: null },
  ...{ traits: {}, tags: [], entitlements: [], checkIns: {} },
};

export interface Journey {
  state: JourneyState;
  commands: JourneyCommand[];
  verdict: EventVerdict;
  facts: CoacheeFacts;
  feed(event: JourneyEvent): Journey;
  /** Answers the send that is under way. */
  delivered(outcome?: 'sent' | 'ambiguous' | 'dropped' | 'failed', reason?: string): Journey;
  due(): Journey;
  reply(text: string, id?: string): Journey;
  /** The effect of the last decision that had one. */
  effect: EffectCommand;
  /** Kinds of the timeline's lines of the last decision. */
  recorded: TimelineKind[];
}

/** A journey that was started; each call gives the journey after the event. */
export function journeyOf(definition: ProgramDefinition, facts: CoacheeFacts = ana): Journey {
  return after(definition, advance(definition, initialState(), { event: { type: 'start' }, facts }), facts, 1);
}

function after(
  definition: ProgramDefinition,
  decision: Decision,
  facts: CoacheeFacts,
  count: number,
  earlier?: EffectCommand,
): Journey {
  const { state, commands } = decision;
  const effect = (commands.find((command) => isEffect(command)) ?? earlier) as EffectCommand;
  const feed = (event: JourneyEvent) => {
    const changed = applied(facts, commands);
    return after(definition, advance(definition, state, { event, facts: changed }), changed, count + 1, effect);
  };
  const ref = { stepKey: state.pending?.stepKey ?? '', occurrence: state.pending?.occurrence ?? 0 };
  return {
    ...decision,
    facts,
    effect,
    recorded: commands.flatMap((command) => (command.type === 'Record' ? [command.record.kind] : [])),
    feed,
    delivered: (outcome = 'sent', reason) =>
      feed({ type: 'delivered', outcome, ...ref, ...(reason === undefined ? {} : { reason }) }),
    due: () => feed({ type: 'due', ...ref }),
    reply: (text, id = `reply-${count}`) => feed({ type: 'reply', id, text }),
  };
}

const BOOKS = new Set<JourneyCommand['type']>([
  ...([
    'Record',
    'SetTrait',
    'SetTag',
    'LogCheckIn',
    'GiveHabit',
    'EndHabit',
    'OpenReview',
    'CloseReview',
    'Withdraw',
    'LeaveSubprogram',
  ] as const),
]);

export function isEffect(command: JourneyCommand): command is EffectCommand {
  return !BOOKS.has(command.type);
}

/** What the shell would read freshly at the next decision. */
export function applied(facts: CoacheeFacts, commands: JourneyCommand[]): CoacheeFacts {
  return commands.reduce(factsAfter, facts);
}

/** Freezes a value with all it holds, so that a change in place throws. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
