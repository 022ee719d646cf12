/** A difference of two definitions as a plain sentence. */
import type { Difference } from './diff.ts';

const SHOWN_MOST = 80;

export function summarize(difference: Difference): string {
  const { subject, field } = placeOf(difference);
  const { kind, before, after } = difference;
  if (kind === 'moved') {
    const now = after === null ? 'at the beginning' : `behind "${after}"`;
    return `${called(subject, field)} was moved: it stands ${now} now.`;
  }
  if (field === '') return ofWhole(difference, subject);
  const what = called(subject, field);
  if (kind === 'changed') return `${what} is now ${shown(after)} (it was ${shown(before)}).`;
  return kind === 'added' ? `${what} was added: ${shown(after)}.` : `${what} was removed (it was ${shown(before)}).`;
}

function called(subject: string, field: string): string {
  if (subject === '') return `The field ${field}`;
  return field === '' ? subject : `${subject}: ${field}`;
}

/** A step, a signal or a translation as such. */
function ofWhole({ kind, before, after }: Difference, subject: string): string {
  if (kind === 'changed')
    return `${subject} is now of the kind ${typeOf(after)} (it was of the kind ${typeOf(before)}).`;
  const type = typeOf(kind === 'added' ? after : before);
  return `${subject}${type === '' ? '' : ` (${type})`} was ${kind}.`;
}

const SUBJECTS: Record<string, string> = { steps: 'Step', signals: 'Signal', translations: 'Translation' };

/** `steps.welcome.text` is the field `text` of Step "welcome"; what belongs to nothing of a name is a field of the program. */
function placeOf({ path }: Difference): { subject: string; field: string } {
  const [list = '', name, ...rest] = path.split('.');
  const noun = Object.hasOwn(SUBJECTS, list) ? SUBJECTS[list] : undefined;
  if (noun === undefined || name === undefined) return { subject: '', field: path };
  return { subject: `${noun} "${name}"`, field: rest.join('.') };
}

function typeOf(value: unknown): string {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : '';
  return typeof type === 'string' ? type : '';
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? '';
  return text.length <= SHOWN_MOST ? text : `${text.slice(0, SHOWN_MOST - 1).toWellFormed()}…`;
}
