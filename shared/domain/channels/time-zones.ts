/**
 * A first guess at a coachee's time zone from the language of their Telegram: only languages that are spoken, for the most part, in one
 * zone. Others say nothing: English, Spanish, Portuguese, French, Russian, Arabic and Chinese span too many.
 */
const ZONE_OF_LANGUAGE: Record<string, string> = {
  bg: 'Europe/Sofia',
  ca: 'Europe/Madrid',
  cs: 'Europe/Prague',
  da: 'Europe/Copenhagen',
  de: 'Europe/Berlin',
  el: 'Europe/Athens',
  et: 'Europe/Tallinn',
  fi: 'Europe/Helsinki',
  he: 'Asia/Jerusalem',
  hi: 'Asia/Kolkata',
  hr: 'Europe/Zagreb',
  hu: 'Europe/Budapest',
  it: 'Europe/Rome',
  ja: 'Asia/Tokyo',
  ko: 'Asia/Seoul',
  lt: 'Europe/Vilnius',
  lv: 'Europe/Riga',
  nb: 'Europe/Oslo',
  nl: 'Europe/Amsterdam',
  no: 'Europe/Oslo',
  pl: 'Europe/Warsaw',
  ro: 'Europe/Bucharest',
  sk: 'Europe/Bratislava',
  sl: 'Europe/Ljubljana',
  sr: 'Europe/Belgrade',
  sv: 'Europe/Stockholm',
  th: 'Asia/Bangkok',
  tr: 'Europe/Istanbul',
  uk: 'Europe/Kyiv',
  vi: 'Asia/Ho_Chi_Minh',
};

/** The zone that most speakers of an IETF language tag (`de`, `de-AT`) live in, or null when the language does not tell. */
export const likelyTimeZone = (languageTag: string | null): string | null =>
  ZONE_OF_LANGUAGE[languageTag?.toLowerCase().split('-')[0] ?? ''] ?? null;
