import type { JourneyCommand } from './messages.ts';
import type { CoacheeFacts } from './state.ts';

/** What is known of a coachee once `command` has set a trait or a tag; every other command leaves it as it is. */
export const factsAfter = (facts: CoacheeFacts, command: JourneyCommand): CoacheeFacts => {
  if (command.type === 'SetTrait') return { ...facts, traits: { ...facts.traits, [command.name]: command.value } };
  if (command.type === 'LogCheckIn') return withCheckIn(facts, command.habit, command.done);
  if (command.type !== 'SetTag') return facts;
  const others = facts.tags.filter((tag) => tag !== command.tag);
  return { ...facts, tags: command.present ? [...others, command.tag] : others };
};

/** As many check-ins of a habit as a condition may look back on. */
export const CHECK_INS_KEPT = 100;

const withCheckIn = (facts: CoacheeFacts, habit: string, done: boolean): CoacheeFacts => {
  const earlier = Object.hasOwn(facts.checkIns, habit) ? (facts.checkIns[habit] ?? []) : [];
  return { ...facts, checkIns: { ...facts.checkIns, [habit]: [...earlier, done].slice(-CHECK_INS_KEPT) } };
};
