/** Amounts in plain words: `2`, `2 of 3 glasses`, `7h30`, `7,5 h`, `half an hour`. */
import { writtenNumber } from '../journeys/steps/written-number.ts';
import { converted, isDivided } from './units.ts';

export interface Quantity {
  /** As written: what the point of `1.500` means is told by the unit. */
  number: string;
  /** Folded; null where none was said. */
  unit: string | null;
}

const DIGITS = String.raw`(?:\d+(?:[.,]\d+)*|[.,]\d+)`;
const OF = '(?:of|out of|von|de|/)';
const PLAIN = new RegExp(String.raw`^(${DIGITS})(?:\s*${OF}\s*${DIGITS})?(?:\s*([a-z]+))?$`);
/** `7h30`, `7h 30 min`, `7 hours and 30 minutes`, `7:30 h`. */
const HOURS =
  /^(\d+)\s*(?:h|hrs?|hours?|std|stunden?|horas?)\s*(?:(?:and|und|y)\s+)?(\d{1,2})\s*(?:m|mins?|minutes?|minuten?|minutos?)?$/;
const CLOCK = /^(\d+):(\d{2})\s*(?:h|hrs?|hours?|std|stunden|horas?)$/;

/** A half, or one of two? */
const FRACTION = /^(?:1\s*\/\s*[23]|[13]\s*\/\s*4)\b/;

const NUMBERS = new Map(
  Object.entries({
    ...{ one: '1', two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9', ten: '10' },
    ...{ zwei: '2', drei: '3', vier: '4', funf: '5', sechs: '6', sieben: '7', acht: '8' },
    ...{ neun: '9', zehn: '10', uno: '1', dos: '2', tres: '3', cuatro: '4', cinco: '5', seis: '6' },
    ...{ siete: '7', ocho: '8', nueve: '9', diez: '10', twice: '2 times' },
    ...{ zweimal: '2 mal', dreimal: '3 mal', einmal: '1 mal' },
  }),
);
/** One of what follows. */
const ARTICLES = /^(?:a|an|ein|eine|einen|un|una) (?=[a-z])/;
const HALVES: [RegExp, string][] = [
  [/^(?:half an hour|half hour|(?:eine )?halbe stunde|media hora)$/, '30 min'],
  [/^(\d+) (?:and a half|einhalb|y media)\b/, '$1.5'],
  [/^(\d+) (horas?) y media$/, '$1.5 $2'],
];

/** What folded words say, all of them; null where they are no amount. */
export function quantityIn(words: string): Quantity | null {
  const halved = HALVES.reduce((text, [half, plain]) => text.replace(half, plain), words);
  const said = halved.replace(ARTICLES, '1 ').replace(/^[a-z]+/, (word) => NUMBERS.get(word) ?? word);
  const hours = HOURS.exec(said) ?? CLOCK.exec(said);
  if (hours) {
    const [, whole, minutes] = hours.map(Number);
    return minutes !== undefined && whole !== undefined && minutes < 60
      ? { number: String(whole * 60 + minutes), unit: 'min' }
      : null;
  }
  const plain = FRACTION.test(said) ? null : PLAIN.exec(said);
  return plain?.[1] ? { number: plain[1], unit: plain[2] ?? null } : null;
}

/** Beyond this it is a slip of the finger, or no amount at all. */
const AMOUNT_MAX = 1_000_000;

/** The quantity in a habit's own unit (folded); null where its unit is another, or the number cannot be told. */
export function amountIn({ number, unit }: Quantity, own: string): number | null {
  const grouped = /^\d{1,3}(?:[.,]\d{3})+$/.test(number);
  if (grouped && isDivided(unit ?? own)) return null;
  const value = writtenNumber(grouped ? number.replace(/[.,]/g, '') : number);
  if (value === null || value > AMOUNT_MAX) return null;
  // `5k` of steps is thousands of them.
  const thousands = unit === 'k' ? converted(value * 1000, 'steps', own) : null;
  return thousands ?? (unit === null ? value : converted(value, unit, own));
}
