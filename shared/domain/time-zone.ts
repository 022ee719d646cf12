/**
 * Whether it is a name of the IANA time-zone database known here, e.g. `Europe/Berlin`. Bare offsets (`+02:00`) are not:
 * they know no daylight saving, and rules store zones.
 */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name) || name.length > 64) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
