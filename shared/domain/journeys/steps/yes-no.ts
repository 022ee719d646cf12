/** Simple ways to say yes and no, folded (see fold.ts). English is always understood, others in programs of that language. */
import { fold } from './fold.ts';

const YES: Record<string, string[]> = {
  en: ['yes', 'y', 'yeah', 'yep', 'yup', 'sure', 'ok', 'okay', 'of course', 'yes please', 'true', '👍'],
  de: ['ja', 'j', 'jo', 'klar', 'gerne', 'ja bitte', 'naturlich'],
  fr: ['oui', 'o', 'ouais', "d'accord", 'bien sur'],
  es: ['si', 's', 'claro', 'vale', 'por supuesto'],
  it: ['si', 's', 'certo', 'va bene'],
  pt: ['sim', 's', 'claro', 'com certeza'],
  nl: ['ja', 'j', 'zeker', 'graag'],
};

const NO: Record<string, string[]> = {
  en: ['no', 'n', 'nope', 'nah', 'not really', 'no thanks', 'no thank you', 'not yet', 'false', '👎'],
  de: ['nein', 'ne', 'nee', 'nein danke', 'noch nicht'],
  fr: ['non', 'non merci', 'pas encore'],
  es: ['no', 'no gracias', 'todavia no'],
  it: ['no', 'no grazie', 'non ancora'],
  pt: ['nao', 'nao obrigado', 'nao obrigada', 'ainda nao'],
  nl: ['nee', 'neen', 'nee bedankt', 'nog niet'],
};

/** True, false, or null when it is neither. `language` is BCP 47; the labels are the program's own words for the two. */
export function understandYesNo(text: string, language: string, labels: { yes: string; no: string }): boolean | null {
  const said = fold(text);
  if (said === fold(labels.yes)) return true;
  if (said === fold(labels.no)) return false;
  const spoken = language.toLowerCase().split('-')[0] ?? 'en';
  if (YES.en?.includes(said) || wordsOf(YES, spoken).includes(said)) return true;
  if (NO.en?.includes(said) || wordsOf(NO, spoken).includes(said)) return false;
  return null;
}

function wordsOf(words: Record<string, string[]>, language: string): string[] {
  return Object.hasOwn(words, language) ? (words[language] ?? []) : [];
}
