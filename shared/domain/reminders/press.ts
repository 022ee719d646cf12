/** What a press of a reminder's button means; the button carries it as text: `done:<fire>,<fire>`, `snooze+30:<fire>`, `skip:<fire>`. */
import type { SnoozeChoice } from './fires.ts';

export type ReminderPress =
  | { act: 'done' | 'notToday'; fireIds: string[] }
  | { act: 'snooze'; choice: SnoozeChoice; fireIds: string[] };

export const valueOfPress = (press: ReminderPress): string => {
  const fires = press.fireIds.join(',');
  if (press.act !== 'snooze') return `${press.act === 'done' ? 'done' : 'skip'}:${fires}`;
  const { choice } = press;
  return 'time' in choice ? `snooze@${choice.time}:${fires}` : `snooze+${choice.minutes}:${fires}`;
};

const VALUE = /^(?:(?<plain>done|skip)|snooze\+(?<minutes>\d+)|snooze@(?<time>\d\d:\d\d)):(?<fires>.+)$/;

/** Null for a value that is none of a reminder's. */
export const pressOf = (value: string): ReminderPress | null => {
  const { plain, minutes, time, fires = '' } = VALUE.exec(value)?.groups ?? {};
  const fireIds = fires.split(',');
  if (plain === 'done') return { act: 'done', fireIds };
  if (plain === 'skip') return { act: 'notToday', fireIds };
  if (minutes !== undefined) return { act: 'snooze', choice: { minutes: Number(minutes) }, fireIds };
  return time === undefined ? null : { act: 'snooze', choice: { time }, fireIds };
};
