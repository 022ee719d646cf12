/** A time zone in which it is midday now, so that no test sees the date change under it. */
import { localAt } from '../../shared/calendar/slots.ts';
import { addDays } from '../../shared/domain/habits/days.ts';

const ahead = 12 - new Date().getUTCHours();
/** `Etc/GMT-3` is three hours ahead of UTC: the sign is POSIX's. */
export const MIDDAY_ZONE = `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;

/** The local date so many days from today; earlier where `days` is negative. */
export const dayThere = (days = 0): string => addDays(localAt(Date.now(), MIDDAY_ZONE).date, days);
