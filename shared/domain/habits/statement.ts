/** One statement about a habit: a saying ("done"), an amount ("2 glasses"), and what names the habit, if anything does. */
import { fold } from '../journeys/steps/fold.ts';
import { type Quantity, quantityIn } from './quantity.ts';
import { isOfVerb, namedIn, trimmed, verbIn } from './subject.ts';
import { ADVERBS, PRONOUNS, type Saying, sayingIn, type Verb } from './vocabulary.ts';

export interface Tracked {
  id: string;
  /** A slug, e.g. `sleep`. */
  name: string;
  title: string;
  /** Null where it is done or not. */
  unit: string | null;
  timesPerDay: number;
  /** A reminder of it is open now. */
  asked: boolean;
}

export interface Statement {
  said: Saying | Quantity;
  /** The habits that are named; null where none is. */
  subject: Tracked[] | null;
  verb: Verb | null;
  /** It says by itself which habit it is about. */
  isSpecific: boolean;
  /** It is a log whatever follows it: no bare yes, no bare number. */
  isClear: boolean;
}

/** Signs that people write and that mean nothing here: case, accents and signs at the ends are left to `fold`. */
export function withoutNoise(text: string): string {
  return text.trim().replaceAll('½', '.5').replaceAll('’', "'");
}

export function statementIn(text: string, habits: Tracked[], language: string): Statement | null {
  const words = withoutCheer(fold(text))
    .replace(/\s[-–—]\s|[:=](?!\d)|[.,!](?=\s)|(?<!\d)[:=]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  // "not today" is a saying, "2 today" an amount: so first with such words, then without.
  for (const said of new Set([words, trimmed(words, ADVERBS)])) {
    const found = unnamed(said, language) ?? byName(said, habits, language) ?? byVerb(said, habits);
    if (found) return found;
  }
  return null;
}

/** A gesture twice, or in another colour of skin, is the same gesture; beside words it only underlines them. */
function withoutCheer(words: string): string {
  const plain = words.replace(/[\u{1f3fb}-\u{1f3ff}]/gu, '').replace(/^(\p{So}|✓)(?:\s*\1)+$/u, '$1');
  const bare = plain.replace(/^[👍✅✔✓🙂😊😀😃😄💪🎉🙏🙌\s]+|[👍✅✔✓🙂😊😀😃😄💪🎉🙏🙌\s]+$/gu, '');
  // Beside a name alone the gesture is what is said: "walk ✅".
  return /^\p{L}+( |$)/u.test(bare) && sayingIn(bare, 'en') ? bare : plain;
}

/** No amount after a pronoun: "I have 2 glasses" is none that was drunk. */
function saidIn(words: string, language: string): Saying | Quantity | null {
  const plain = trimmed(words, ADVERBS);
  const sayings = [words, plain, trimmed(plain, PRONOUNS)].map((said) => sayingIn(said, language));
  return sayings.find((saying) => saying !== null) ?? quantityIn(plain);
}

function unnamed(words: string, language: string): Statement | null {
  const said = saidIn(words, language);
  if (!said) return null;
  const isClear = 'kind' in said ? said.reach !== 'reply' : said.unit !== null;
  return { said, subject: null, verb: null, isSpecific: 'number' in said && said.unit !== null, isClear };
}

/** "no stress" is a way of speaking, unless that habit was asked; "stress: no" is not. */
function byName(words: string, habits: Tracked[], language: string): Statement | null {
  const named = namedIn(words, habits);
  const said = named && saidIn(named.rest, language);
  if (!said) return null;
  const isReply = 'kind' in said && said.reach === 'reply';
  if (isReply && !named.comesFirst && !named.subject.some(({ asked }) => asked)) return null;
  return { said, subject: named.subject, verb: null, isSpecific: true, isClear: true };
}

/** "slept 7h", "I drank 2 glasses of water", "did my walk", "meditated". */
function byVerb(words: string, habits: Tracked[]): Statement | null {
  const found = verbIn(trimmed(words, PRONOUNS));
  if (!found) return null;
  const { verb, rest } = found;
  const named = namedIn(rest, habits);
  const ofVerb = habits.filter((habit) => isOfVerb(habit, verb));
  const subject = named?.subject ?? (ofVerb.length > 0 ? ofVerb : null);
  const left = trimmed(trimmed(named?.rest ?? rest, PRONOUNS), ADVERBS);
  const said = left === '' ? wholly(verb, subject, named !== null) : quantityIn(left);
  return said && { said, subject, verb, isSpecific: subject !== null, isClear: subject !== null };
}

/** Said of a habit that is done or not, or of any that the verb completes. */
function wholly(verb: Verb, subject: Tracked[] | null, isNamed: boolean): Saying | null {
  if (!subject || (isNamed && !verb.completes)) return null;
  return { kind: 'done', reach: 'explicit' };
}
