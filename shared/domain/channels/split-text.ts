/** Splits a text that is too long for one message where a reader would pause: after a paragraph, a sentence, a word. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });
const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** A part that would be shorter than this share of what fits is not worth a better place to pause. */
const LEAST_FILL = 0.25;

/**
 * The text in parts of at most `most` UTF-16 units each; only white space at their borders is left out. A character as people see it (a
 * grapheme) stays whole, unless it alone is longer than `most`. A text that fits is one part, as it is.
 */
export const splitText = (text: string, most: number): string[] => {
  if (text.length <= most) return [text];
  const parts: string[] = [];
  let rest = text.trim();
  while (rest.length > most) {
    const at = placeToPause(rest, most);
    parts.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return rest === '' ? parts : [...parts, rest];
};

/** The longest beginning of `text` that fits into `most` and ends with a whole word, where there is one. */
export const beginningOf = (text: string, most: number): string => splitText(text, most)[0] ?? '';

/** Where to cut: the last good place that keeps the part within `most`. */
const placeToPause = (text: string, most: number): number => {
  const within = text.slice(0, most + 1);
  const least = Math.ceil(most * LEAST_FILL);
  const good = (at: number): boolean => at >= least && isWhole(text, at);
  const places = [afterMatches(within, /\n\s*\n/g), afterMatches(within, /\n/g), startsOf(sentences, within)];
  for (const candidates of [...places, afterMatches(within, /\s/g), startsOf(words, within)]) {
    const at = candidates.findLast((place) => place <= most && good(place));
    if (at !== undefined) return at;
  }
  return startsOf(graphemes, text.slice(0, most * 2)).findLast((at) => at <= most) ?? afterCodePoint(text, most);
};

const afterMatches = (text: string, pattern: RegExp): number[] =>
  [...text.matchAll(pattern)].map((match) => match.index + match[0].length);

/** Where segments begin, the text's own beginning left out. */
const startsOf = (segmenter: Intl.Segmenter, text: string): number[] =>
  [...segmenter.segment(text)].map(({ index }) => index).filter((index) => index > 0);

const isWhole = (text: string, at: number): boolean =>
  at > 0 && (at >= text.length || graphemes.segment(text).containing(at)?.index === at);

const afterCodePoint = (text: string, at: number): number => (/[\uD800-\uDBFF]$/.test(text.slice(0, at)) ? at - 1 : at);
