/** Translations: texts that are missing, that belong to nothing, and what is wrong with those that are there. */
import type { ProgramDefinition, Translation } from '../definition.ts';
import { localized } from '../localize.ts';
import { kindOf, type Step } from '../steps/index.ts';
import type { StepText } from '../steps/kind.ts';
import { ownWords, variablesOf } from '../templates.ts';
import type { MayBeBlank } from './blank.ts';
import { type Finding, fieldPath, pathInStep } from './findings.ts';
import { checkStep } from './step.ts';

export function checkTranslations(definition: ProgramDefinition, mayBeBlank: MayBeBlank): Finding[] {
  return Object.entries(definition.translations ?? {}).flatMap(([language, translation]) => [
    ...(language.toLowerCase() === definition.language.toLowerCase() ? [ofOwnLanguage(language)] : []),
    ...checkPaths(definition, language, translation),
    ...definition.steps.flatMap((step, i) => [
      ...checkMissing(step, i, language, translation),
      ...checkVariablesOf(step, language, translation),
    ]),
    ...checkTranslated(definition, language, mayBeBlank),
  ]);
}

function ofOwnLanguage(language: string): Finding {
  return {
    ...{ code: 'translationOfOwnLanguage', severity: 'warning', stepKey: null },
    path: fieldPath(['translations', language]),
    message: `The steps' own texts are in ${language} already, and this would be read in their place.`,
    remedy: 'Take it out, or mend the language of the program.',
  };
}

/** A text's place in a translation. */
function placeIn(step: Step, { path }: Pick<StepText, 'path'>): string {
  return fieldPath([step.key, ...path]);
}

function textsOf(step: Step): StepText[] {
  return kindOf(step).texts?.(step) ?? [];
}

function checkPaths({ steps }: ProgramDefinition, language: string, translation: Translation): Finding[] {
  const keys = new Set(steps.map(({ key }) => key));
  const places = new Set(steps.flatMap((step) => textsOf(step).map((text) => placeIn(step, text))));
  return Object.keys(translation).flatMap((place): Finding[] => {
    if (places.has(place)) return [];
    const [key = ''] = place.split('.');
    return [
      {
        ...{ code: 'unknownText', severity: 'error', stepKey: keys.has(key) ? key : null },
        path: fieldPath(['translations', language, place]),
        message: `There is no text at "${place}".`,
        remedy: 'Write the key of a step and the path of one of its texts, e.g. welcome.text.',
      },
    ];
  });
}

/** What the team or the model reads needs no translation, and neither does what has no words. */
function checkMissing(step: Step, position: number, language: string, translation: Translation): Finding[] {
  const missing = textsOf(step).filter(
    (text) =>
      text.role !== 'prompt' &&
      text.role !== 'instructions' &&
      /\p{L}/u.test(ownWords(text.text)) &&
      !Object.hasOwn(translation, placeIn(step, text)),
  );
  const [first] = missing;
  if (!first) return [];
  return [
    {
      ...{ code: 'missingTranslation', severity: 'warning', stepKey: step.key },
      path: pathInStep(position, first.path),
      message: `Not translated into ${language}: ${missing.map((text) => placeIn(step, text)).join(', ')}.`,
      remedy: `Add these to the translation into ${language}; until then they are read as the step has them.`,
    },
  ];
}

function checkVariablesOf(step: Step, language: string, translation: Translation): Finding[] {
  return textsOf(step).flatMap((text): Finding[] => {
    const place = placeIn(step, text);
    const translated = Object.hasOwn(translation, place) ? translation[place] : undefined;
    if (translated === undefined || namesIn(translated) === namesIn(text.text)) return [];
    return [
      {
        ...{ code: 'translationVariables', severity: 'warning', stepKey: step.key },
        path: fieldPath(['translations', language, place]),
        message: `The variables are not those of the original: ${namesIn(text.text) || 'none'}.`,
        remedy: 'Use the variables of the original, or see whether its text has changed meanwhile.',
      },
    ];
  });
}

function namesIn(template: string): string {
  const names = variablesOf(template).map(({ path }) => path.join('.'));
  return [...new Set(names)].sort().join(', ');
}

/** What is wrong with the steps as they read in that language, and was not in their own. */
function checkTranslated(definition: ProgramDefinition, language: string, mayBeBlank: MayBeBlank): Finding[] {
  const translation = definition.translations?.[language] ?? {};
  const { steps } = localized(definition, language);
  return definition.steps.flatMap((original, i) => {
    const step = steps[i];
    if (!step) return [];
    const isBlank = (text: string) => mayBeBlank(text, i);
    const before = new Set(checkStep(original, definition, isBlank).map(nameOf));
    return checkStep(step, { ...definition, language }, isBlank).flatMap((finding): Finding[] => {
      if (before.has(nameOf(finding))) return [];
      const place = placeIn(original, finding);
      const path = Object.hasOwn(translation, place)
        ? fieldPath(['translations', language, place])
        : pathInStep(i, finding.path);
      return [{ ...finding, stepKey: original.key, path }];
    });
  });
}

function nameOf({ code, path }: { code: string; path: (string | number)[] }): string {
  return `${code} ${fieldPath(path)}`;
}
