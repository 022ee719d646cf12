/** A definition in the language of one coachee. */
import type { ProgramDefinition, Translation } from './definition.ts';

const known = new WeakMap<ProgramDefinition, Map<string, ProgramDefinition>>();

/**
 * The definition with the texts of that language (BCP 47), or of one that is near to it: `pt-BR` reads `pt`, and `pt` reads `pt-BR` where there is no
 * other. A text that is not translated stays as the steps have it. Made once per definition and language.
 */
export const localized = (definition: ProgramDefinition, language: string | null): ProgramDefinition => {
  const wanted = language === null ? null : nearest(definition, language);
  if (wanted === null) return definition;
  let made = known.get(definition);
  if (!made) {
    made = new Map();
    known.set(definition, made);
  }
  let found = made.get(wanted);
  if (!found) {
    found = translated(definition, wanted);
    made.set(wanted, found);
  }
  return found;
};

/** The translation to read, by its language; null: the steps' own texts. */
const nearest = ({ language: own, translations = {} }: ProgramDefinition, language: string): string | null => {
  const wanted = language.toLowerCase();
  const there = Object.keys(translations);
  const exact = there.find((one) => one.toLowerCase() === wanted);
  if (exact !== undefined) return exact;
  if (own.toLowerCase() === wanted) return null;
  const spoken = rootOf(wanted);
  const root = there.find((one) => one.toLowerCase() === spoken) ?? there.find((one) => rootOf(one) === spoken);
  return rootOf(own) === spoken ? null : (root ?? null);
};

const rootOf = (language: string): string => language.toLowerCase().split('-')[0] ?? '';

const translated = (definition: ProgramDefinition, language: string): ProgramDefinition => {
  const { translations = {}, steps, ...rest } = definition;
  const byStep = textsByStep(translations[language] ?? {});
  const inLanguage = steps.map((step) => {
    const texts = byStep.get(step.key);
    if (!texts) return step;
    const copy = structuredClone(step);
    for (const [path, text] of texts) replaceText(copy, path, text);
    return copy;
  });
  return { ...rest, language, steps: inLanguage };
};

/** Step keys hold no dots. */
const textsByStep = (translation: Translation): Map<string, [string[], string][]> => {
  const byStep = new Map<string, [string[], string][]>();
  for (const [path, text] of Object.entries(translation)) {
    const [stepKey = '', ...fields] = path.split('.');
    byStep.set(stepKey, [...(byStep.get(stepKey) ?? []), [fields, text]]);
  }
  return byStep;
};

/** Puts a text where another one stands; a path that leads to none is left alone. */
const replaceText = (within: object, path: string[], text: string): void => {
  const [name = '', ...rest] = path;
  if (!Object.hasOwn(within, name)) return;
  const holder = within as Record<string, unknown>;
  const value = holder[name];
  if (rest.length === 0) {
    if (typeof value === 'string') holder[name] = text;
  } else if (typeof value === 'object' && value !== null) replaceText(value, rest, text);
};
