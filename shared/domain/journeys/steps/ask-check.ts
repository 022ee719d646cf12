/** What can be wrong with a question, for lint. */

import { type AnswerRule, someNumber } from './answers.ts';
import type { AskStep } from './ask.ts';
import { fold } from './fold.ts';
import type { CheckedProgram, FieldPath, StepFinding } from './kind.ts';
import { checkTimeout } from './timeout.ts';

export function checkAsk(step: AskStep, { language }: CheckedProgram): StepFinding[] {
  const { answer } = step;
  return [
    ...(step.reask === undefined ? checkDefaultReask(language) : []),
    ...(answer.kind === 'yesNo' && !answer.labels ? checkDefaultLabels(['answer', 'labels'], language) : []),
    ...checkAnswer(answer),
    ...(step.timeout ? checkTimeout(step) : [withoutTimeout]),
  ];
}

export const withoutTimeout: StepFinding = {
  code: 'askWithoutTimeout',
  severity: 'warning',
  path: ['timeout'],
  message: 'A coachee who never answers stays at this question for ever.',
  remedy: 'Add a timeout, e.g. {"after": {"days": 2}}, with goTo to a kind reminder or simply onwards.',
};

/** The words of its own that the program would say in English. */
export function checkDefaultReask(language: string): StepFinding[] {
  if (isEnglish(language)) return [];
  return [
    {
      code: 'reaskInEnglish',
      severity: 'warning',
      path: ['reask'],
      message: `When a reply does not fit, the default sentence is English, but this program's language is ${language}.`,
      remedy: 'Write a reask text in the language of the program.',
    },
  ];
}

export function checkDefaultLabels(path: FieldPath, language: string): StepFinding[] {
  if (isEnglish(language)) return [];
  return [
    {
      code: 'labelsInEnglish',
      severity: 'warning',
      path,
      message: `The buttons bear English words, but this is read in ${language}.`,
      remedy: 'Write the labels in the language of the program, and translate them with its other texts.',
    },
  ];
}

function isEnglish(language: string): boolean {
  return /^en(-|$)/i.test(language);
}

function checkAnswer(answer: AnswerRule): StepFinding[] {
  switch (answer.kind) {
    case 'choice':
      return checkOptions(answer.options.map(({ value, label }) => [fold(value), fold(label)]));
    case 'yesNo':
      return checkLabels(answer.labels);
    case 'number':
      return someNumber(answer) === null ? [impossible('No number lies between this min and max.', 'min')] : [];
    case 'text':
      return (answer.minLength ?? 1) > answer.maxLength
        ? [impossible('No text is as long as minLength and as short as maxLength.', 'minLength')]
        : [];
  }
}

function impossible(message: string, field: string): StepFinding {
  const remedy = 'Mend the range so that an answer can fit; until then every answer is asked again.';
  return { code: 'impossibleRange', severity: 'error', path: ['answer', field], message, remedy };
}

/** The two words of a yes or no. */
export function checkLabels(labels: { yes: string; no: string } | undefined): StepFinding[] {
  return labels ? checkOptions([[fold(labels.yes)], [fold(labels.no)]]) : [];
}

/** Two options that a typed reply could not tell apart. */
function checkOptions(forms: string[][]): StepFinding[] {
  const owners = new Map<string, number>();
  const findings: StepFinding[] = [];
  for (const [position, names] of forms.entries()) {
    for (const name of names) {
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, position);
      else if (owner !== position && findings.every(({ path }) => path[2] !== position)) {
        findings.push({
          code: 'optionsCollide',
          severity: 'error',
          path: ['answer', 'options', position],
          message: `Options ${owner + 1} and ${position + 1} are the same once case, accents and closing punctuation are left aside.`,
          remedy: 'Give each option a value and a label of its own.',
        });
      }
    }
  }
  return findings;
}
