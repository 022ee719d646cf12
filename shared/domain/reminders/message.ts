/** What a reminder says, and the buttons under it. */
import type { HabitRules } from '../habits/rules.ts';
import type { MessageButton } from '../journeys/messages.ts';
import type { SnoozeChoice } from './fires.ts';

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

/** What a press means; buttons carry it as text. */
export type ReminderPress =
  /** Done: a habit, or what a reminder of no habit reminds of. */
  { act: 'done'; of: string } | { act: 'allDone' } | { act: 'snooze'; choice: SnoozeChoice } | { act: 'notToday' };

const SNOOZES_SHOWN = 2;

export const reminderMessage = (lines: ReminderLine[]): { text: string; buttons: MessageButton[] } => {
  const [only] = lines;
  const text = lines.length === 1 && only ? sentenceOf(only) : lines.map((line) => `• ${sentenceOf(line)}`).join('\n');
  return { text, buttons: buttonsOf(lines) };
};

const sentenceOf = ({ text, habit, soFar }: ReminderLine): string => {
  const own = text ?? (habit ? `Time for: ${habit.title}` : 'A reminder for you.');
  const progress = habit ? progressOf(habit.measure, soFar) : null;
  return progress === null ? own : `${own} (${progress})`;
};

/** `2 of 3 glasses`; null before anything was done. */
export const progressOf = (measure: HabitRules['measure'], soFar: number): string | null => {
  if (soFar <= 0) return null;
  if (measure.kind === 'amount') return `${plain(soFar)} of ${plain(measure.target)} ${measure.unit}`;
  const times = measure.timesPerDay ?? 1;
  return times > 1 ? `${soFar} of ${times} times` : null;
};

const plain = (amount: number): string => String(Math.round(amount * 100) / 100);

const buttonsOf = (lines: ReminderLine[]): MessageButton[] => {
  const done = lines.map((line) => ({ label: doneLabel(line, lines.length > 1), press: donePress(line) }));
  const all = lines.length > 1 ? [{ label: 'All done', press: { act: 'allDone' } as const }] : [];
  const [first] = lines;
  const snoozes = (first?.snoozes ?? []).slice(0, SNOOZES_SHOWN).map((choice) => ({
    label: snoozeLabel(choice),
    press: { act: 'snooze', choice } as const,
  }));
  const notToday = { label: 'Not today', press: { act: 'notToday' } as const };
  return [...done, ...all, ...snoozes, notToday].map(({ label, press }) => ({ label, value: valueOf(press) }));
};

const donePress = ({ habit, fireId }: ReminderLine): ReminderPress => ({ act: 'done', of: habit?.id ?? fireId });

/** Names the habit where there are several. What is counted is taken as all that is still lacking. */
const doneLabel = ({ habit, text, soFar }: ReminderLine, named: boolean): string => {
  const title = named ? `✓ ${short(habit?.title ?? text ?? 'Done')}` : '✓ Done';
  if (habit?.measure.kind !== 'amount') return title;
  const lacking = Math.max(0, habit.measure.target - soFar);
  return named ? title : `✓ ${plain(lacking)} ${habit.measure.unit}`;
};

const TITLE_MOST = 40;
const short = (title: string): string => (title.length > TITLE_MOST ? `${title.slice(0, TITLE_MOST - 1)}…` : title);

const snoozeLabel = (choice: SnoozeChoice): string => {
  if ('time' in choice) return `At ${choice.time}`;
  const { minutes } = choice;
  return minutes % 60 === 0 ? `In ${minutes / 60} h` : `In ${minutes} min`;
};

const valueOf = (press: ReminderPress): string => {
  switch (press.act) {
    case 'done':
      return `done:${press.of}`;
    case 'allDone':
      return 'done';
    case 'snooze':
      return 'time' in press.choice ? `snooze@${press.choice.time}` : `snooze:${press.choice.minutes}`;
    case 'notToday':
      return 'skip';
  }
};

/** What the button's value means; null for one that is none of a reminder's. */
export const pressOf = (value: string): ReminderPress | null => {
  if (value === 'done') return { act: 'allDone' };
  if (value === 'skip') return { act: 'notToday' };
  const [, of] = /^done:(.+)$/.exec(value) ?? [];
  if (of !== undefined) return { act: 'done', of };
  const [, time] = /^snooze@(\d\d:\d\d)$/.exec(value) ?? [];
  if (time !== undefined) return { act: 'snooze', choice: { time } };
  const [, minutes] = /^snooze:(\d+)$/.exec(value) ?? [];
  return minutes === undefined ? null : { act: 'snooze', choice: { minutes: Number(minutes) } };
};
