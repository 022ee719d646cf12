/** Days and times as people read them. */

/** Wall-clock time of a journey: `Mon 2026-03-02T09:00:00+01:00`, read as it stands, in whatever zone. */
const LOCAL = /(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/;

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const shortDay = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' });

const isoDay = (date: Date): string => {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** Noon of an ISO day, so that no time zone turns it into its neighbour. */
const noonOf = (day: string): Date => new Date(`${day}T12:00:00`);

export interface When {
  /** ISO date, for separators between days. */
  day: string;
  /** Shown beside the message. */
  time: string;
}

/** When a message was, here and now; a test's messages carry their journey's own time instead. */
export const whenOf = (item: { at: string; localTime: string | null; isTest: boolean }): When => {
  const [, day, time] = (item.isTest && LOCAL.exec(item.localTime ?? '')) || [];
  if (day && time) return { day, time: `${shortDay.format(noonOf(day))}, ${time}` };
  const at = new Date(item.at);
  return { day: isoDay(at), time: clock.format(at) };
};

/** `Today`, `Yesterday`, or the day's name and date. */
export const nameOfDay = (day: string): string => {
  const today = new Date();
  if (day === isoDay(today)) return 'Today';
  if (day === isoDay(new Date(today.getTime() - 86_400_000))) return 'Yesterday';
  return longDay.format(noonOf(day));
};
