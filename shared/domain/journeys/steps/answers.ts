/** The kinds of answer a question may want: how each is offered, understood, and asked for again. */
import { z } from 'zod';
import type { MessageButton } from '../messages.ts';
import type { FactValue } from '../state.ts';
import { fold } from './fold.ts';
import type { PersonaReplies } from './kind.ts';
import { writtenNumber } from './written-number.ts';
import { understandYesNo } from './yes-no.ts';

const label = z.string().min(1).max(64);

export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    /** Without one, anything but a blank reply will do. */
    minLength: z.int().min(1).max(2000).optional(),
    maxLength: z.int().min(1).max(2000).default(1000),
  }),
  z.strictObject({
    kind: z.literal('choice'),
    options: z
      .array(z.strictObject({ value: z.string().min(1).max(64), label }))
      .min(2)
      .max(10),
  }),
  z.strictObject({
    kind: z.literal('number'),
    min: z.number().optional(),
    max: z.number().optional(),
    integer: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal('yesNo'), labels: z.strictObject({ yes: label, no: label }).optional() }),
]);

export type AnswerRule = z.output<typeof answerSchema>;
type RuleOf<Kind extends AnswerRule['kind']> = Extract<AnswerRule, { kind: Kind }>;

/** What was understood, or in `miss` what to ask for instead, in plain words. */
export type Understood = { value: FactValue } | { miss: string };

const ENGLISH_LABELS = { yes: 'Yes', no: 'No' };

export function buttonsFor(rule: AnswerRule): MessageButton[] {
  if (rule.kind === 'choice') return rule.options.map(({ label, value }) => ({ label, value }));
  if (rule.kind !== 'yesNo') return [];
  const { yes, no } = rule.labels ?? ENGLISH_LABELS;
  return [
    { label: yes, value: 'yes' },
    { label: no, value: 'no' },
  ];
}

/** A pressed button: its value as `buttonsFor` gave it. */
export function understandPress(rule: AnswerRule, value: string): Understood {
  if (rule.kind === 'yesNo' && (value === 'yes' || value === 'no')) return { value: value === 'yes' };
  if (rule.kind === 'choice' && rule.options.some((option) => option.value === value)) return { value };
  return { miss: 'Please choose one of the buttons below this message.' };
}

/** A typed reply; case, accents and closing punctuation do not matter where words are compared. */
export function understandText(rule: AnswerRule, text: string, language: string): Understood {
  switch (rule.kind) {
    case 'text':
      return understandFreeText(rule, text.trim());
    case 'choice':
      return understandChoice(rule, fold(text));
    case 'number':
      return understandNumber(rule, text);
    case 'yesNo': {
      const value = understandYesNo(text, language, rule.labels ?? ENGLISH_LABELS);
      const { yes, no } = rule.labels ?? { yes: 'yes', no: 'no' };
      return value === null ? { miss: `Please answer ${yes} or ${no}.` } : { value };
    }
  }
}

function understandFreeText({ minLength = 1, maxLength }: RuleOf<'text'>, text: string): Understood {
  if (text === '') return { miss: 'Could you answer in a few words, please?' };
  if (text.length < minLength) {
    return { miss: `Could you say a little more, please? At least ${minLength} characters would help.` };
  }
  if (text.length > maxLength) {
    return { miss: `That is more than I can keep. Could you say it in ${maxLength} characters or fewer, please?` };
  }
  return { value: text };
}

/** A label or a value first, then a number in the list: `2`, `2.`, `2)`. */
function understandChoice({ options }: RuleOf<'choice'>, said: string): Understood {
  const named = options.find((option) => fold(option.label) === said || fold(option.value) === said);
  const option = named ?? (/^[1-9]\d?$/.test(said) ? options[Number(said) - 1] : undefined);
  if (option) return { value: option.value };
  const labels = options.map(({ label }) => label);
  return { miss: `Please choose one of these: ${labels.slice(0, -1).join(', ')} or ${labels.at(-1)}.` };
}

function understandNumber(rule: RuleOf<'number'>, text: string): Understood {
  const value = writtenNumber(text);
  if (value !== null && allows(rule, value)) return { value };
  return { miss: `Please answer with ${wantedNumber(rule)}, in digits.` };
}

function allows({ min = -Infinity, max = Infinity, integer }: RuleOf<'number'>, value: number): boolean {
  return Number.isFinite(value) && (!integer || Number.isSafeInteger(value)) && value >= min && value <= max;
}

function wantedNumber({ min, max, integer }: RuleOf<'number'>): string {
  const noun = integer ? 'a whole number' : 'a number';
  if (min !== undefined && max !== undefined) return `${noun} from ${min} to ${max}`;
  if (min !== undefined) return `${noun} of at least ${min}`;
  return max !== undefined ? `${noun} of at most ${max}` : noun;
}

/** The number nearest to 1 that the rule allows; null when it allows none. */
export function someNumber(rule: RuleOf<'number'>): number | null {
  const near = Math.min(Math.max(1, rule.min ?? -Infinity), rule.max ?? Infinity);
  const candidates = rule.integer ? [Math.ceil(near), Math.floor(near)] : [near];
  return candidates.find((value) => allows(rule, value)) ?? null;
}

/** How far a range without an end is taken to reach. */
const OPEN_RANGE = 10;

/** The number that lies at that fraction of the range: whole, where a whole one fits. */
function numberWithin(rule: RuleOf<'number'>, fraction: number): number | null {
  const { min = Math.min(0, (rule.max ?? 0) - OPEN_RANGE), max = min + OPEN_RANGE } = rule;
  const at = Math.floor(Math.ceil(min) + fraction * (Math.floor(max) - Math.ceil(min) + 1));
  return allows(rule, at) ? at + 0 : someNumber(rule);
}

/** Something that fits the rule and something that does not, for simulated coachees. */
export function sampleReplies(rule: AnswerRule): PersonaReplies {
  switch (rule.kind) {
    case 'text':
      return { fitting: 'Something good'.padEnd(rule.minLength ?? 1, '.').slice(0, rule.maxLength), unfitting: '' };
    case 'choice':
      return {
        fitting: rule.options[0]?.label ?? '',
        unfitting: 'none of these, really',
        any: (fraction) => rule.options[Math.floor(fraction * rule.options.length)]?.label ?? '',
      };
    case 'number':
      return {
        fitting: plainDigits(someNumber(rule) ?? 0),
        unfitting: 'quite a lot',
        any: (fraction) => plainDigits(numberWithin(rule, fraction) ?? 0),
      };
    case 'yesNo': {
      const { yes, no } = rule.labels ?? ENGLISH_LABELS;
      return { fitting: yes, unfitting: 'hard to say', any: (fraction) => (fraction < 0.5 ? yes : no) };
    }
  }
}

/** Digits without an exponent: `1e-7` is not how people write. */
export function plainDigits(value: number): string {
  const written = String(value);
  if (!written.includes('e')) return written;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(100).replace(/0+$/, '');
}
