/** What a reminder says, and the buttons under it. */
import type { HabitRules } from '../habits/rules.ts';
import type { MessageButton } from '../journeys/messages.ts';
import type { SnoozeChoice } from './fires.ts';
import { type ReminderPress, valueOfPress } from './press.ts';

export interface ReminderLine {
  fireId: string;
  /** Null: it is of no habit. */
  habit: { id: string; title: string; measure: HabitRules['measure'] } | null;
  /** The creator's words, filled in; null says what the habit is called. */
  text: string | null;
  /** What was done today already, in check-ins or in the habit's unit. */
  soFar: number;
  snoozes: SnoozeChoice[];
}

/** A habit that is due twice at once, after an outage for instance, is one line. */
interface Told extends ReminderLine {
  fireIds: string[];
}

const SNOOZES_SHOWN = 2;

export const reminderMessage = (lines: ReminderLine[]): { text: string; buttons: MessageButton[] } => {
  const told = byHabit(lines);
  const [only] = told;
  const text = told.length === 1 && only ? sentenceOf(only) : told.map((line) => `• ${sentenceOf(line)}`).join('\n');
  return { text, buttons: buttonsOf(told) };
};

const byHabit = (lines: ReminderLine[]): Told[] => {
  const groups = Map.groupBy(lines, ({ habit, fireId }) => habit?.id ?? fireId);
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, fireIds: [first, ...others].map(({ fireId }) => fireId) }] : [],
  );
};

const sentenceOf = ({ text, habit, soFar }: ReminderLine): string => {
  const own = text ?? (habit ? `Time for: ${habit.title}` : 'A reminder for you.');
  const progress = habit ? progressOf(habit.measure, soFar) : null;
  return progress === null ? own : `${own} (${progress})`;
};

/** `2 of 3 glasses`; null before anything was done, and where there is nothing to count. */
export const progressOf = (measure: HabitRules['measure'], soFar: number): string | null => {
  if (soFar <= 0) return null;
  if (measure.kind === 'amount') return `${plain(soFar)} of ${plain(measure.target)} ${measure.unit}`;
  const times = measure.timesPerDay ?? 1;
  return times > 1 ? `${soFar} of ${times} times` : null;
};

const plain = (amount: number): string => String(Math.round(amount * 100) / 100);

const buttonsOf = (told: Told[]): MessageButton[] => {
  const fireIds = told.flatMap((line) => line.fireIds);
  const several = told.length > 1;
  const done = told.map((line) => button(doneLabel(line, several), { act: 'done', fireIds: line.fireIds }));
  const all = several ? [button('All done', { act: 'done', fireIds })] : [];
  const snoozes = (told[0]?.snoozes ?? [])
    .slice(0, SNOOZES_SHOWN)
    .map((choice) => button(snoozeLabel(choice), { act: 'snooze', choice, fireIds }));
  return [...done, ...all, ...snoozes, button('Not today', { act: 'notToday', fireIds })];
};

const button = (label: string, press: ReminderPress): MessageButton => ({ label, value: valueOfPress(press) });

/** Names the habit where there are several. What is counted is taken as all that is still lacking. */
const doneLabel = ({ habit, text, soFar }: ReminderLine, named: boolean): string => {
  if (named) return `✓ ${short(habit?.title ?? text ?? 'Done')}`;
  if (habit?.measure.kind !== 'amount') return '✓ Done';
  return soFar > 0 ? '✓ The rest' : `✓ ${plain(habit.measure.target)} ${habit.measure.unit}`;
};

const TITLE_MOST = 40;
const short = (title: string): string => (title.length > TITLE_MOST ? `${title.slice(0, TITLE_MOST - 1)}…` : title);

const snoozeLabel = (choice: SnoozeChoice): string => {
  if ('time' in choice) return `At ${choice.time}`;
  const { minutes } = choice;
  return minutes % 60 === 0 ? `In ${minutes / 60} h` : `In ${minutes} min`;
};
