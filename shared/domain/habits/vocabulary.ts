/** How people say of a habit that it is done, or is not, in English, German and Spanish: folded (journeys/steps/fold.ts), and without signs within. */
import { understandYesNo } from '../journeys/steps/yes-no.ts';

export type Saying =
  /** `reach`: 'explicit' says by itself what it is about; a 'reply' means something only to who was asked; 'all' is of all that was asked. */
  { kind: 'done' | 'skip' | 'notDone'; reach: 'explicit' | 'reply' | 'all' };

const DONE_EN = [
  'done',
  'did it',
  'done it',
  'did that',
  'finished',
  'completed',
  'complete',
  'all good done',
  'yes done',
  'yes i did',
];
const DONE_DE = [
  'erledigt',
  'gemacht',
  'geschafft',
  'fertig',
  'habs gemacht',
  "hab's gemacht",
  'habe es gemacht',
  'ist erledigt',
  'ja erledigt',
  'ja gemacht',
  'abgehakt',
];
const DONE_ES = [
  'hecho',
  'listo',
  'lista',
  'terminado',
  'completado',
  'lo hice',
  'lo he hecho',
  'ya lo hice',
  'ya esta',
  'si hecho',
  'si lo hice',
];
const CHECKS = ['✅', '✔', '☑', '✓'];

const SKIP_EN = [
  'skip',
  'skip it',
  'skip today',
  'skip this',
  'skip this one',
  'skipping',
  'skipping today',
  'skipped',
];
const SKIP_DE = ['uberspringen', 'auslassen', 'aussetzen', 'heute aussetzen', 'heute uberspringen', 'ausgelassen'];
const SKIP_ES = ['saltar', 'omitir', 'saltar hoy', 'saltalo', 'me lo salto', 'hoy me lo salto'];

const DECLINED = [
  ...[
    'not today',
    'no not today',
    'not for today',
    'pass',
    'ill pass',
    "i'll pass",
    'i will pass',
    'day off',
    'rest day',
  ],
  ...['heute nicht', 'nein heute nicht', 'nicht heute', 'heute mal nicht'],
  ...['hoy no', 'no hoy no', 'hoy paso', 'no hoy'],
];

const NOT_DONE = [
  ...[
    'not done',
    'didnt',
    "didn't",
    'i didnt',
    "i didn't",
    'didnt do it',
    "didn't do it",
    "i didn't do it",
    'did not',
    'did not do it',
    'missed',
    'missed it',
    'forgot',
    'i forgot',
    'forgot it',
    "didn't manage",
    "couldn't do it",
    "no i didn't",
  ],
  ...[
    'nicht gemacht',
    'nicht geschafft',
    'nicht erledigt',
    'habs nicht geschafft',
    "hab's nicht geschafft",
    'vergessen',
    'hab es vergessen',
    'hab ich vergessen',
    'leider nein',
    'leider nicht',
    'nein leider nicht',
  ],
  ...['no hecho', 'no lo hice', 'no lo he hecho', 'no pude', 'se me olvido', 'lo olvide', 'me olvide'],
  ...['❌', '✗', '✘'],
];

const ALL_DONE = [
  'all done',
  'both done',
  'did both',
  'did all',
  'did them all',
  'everything done',
  'done all',
  'alles erledigt',
  'alles gemacht',
  'alle erledigt',
  'beides erledigt',
  'beide erledigt',
  'todo hecho',
  'todos hechos',
  'ambos hechos',
  'hice todo',
];
const ALL_SKIPPED = ['skip all', 'skip both', 'skip everything', 'alles uberspringen', 'saltar todo'];

/** Agreement, not an account of what was done: "ok" to a reminder is a promise at best, and "not yet" is none of a failure. */
const PROMISES = [
  'ok',
  'okay',
  'sure',
  'of course',
  'yes please',
  'true',
  'false',
  'klar',
  'gerne',
  'ja bitte',
  'naturlich',
  'claro',
  'vale',
  'por supuesto',
  "d'accord",
  'bien sur',
  'va bene',
  'certo',
  'zeker',
  'graag',
  'com certeza',
];
const NOT_YET = ['not yet', 'noch nicht', 'todavia no', 'pas encore', 'non ancora', 'ainda nao', 'nog niet'];

const ENGLISH_LABELS = { yes: 'yes', no: 'no' };

const SAYINGS = new Map<string, Saying>([
  ...ALL_DONE.map((words): [string, Saying] => [words, { kind: 'done', reach: 'all' }]),
  ...ALL_SKIPPED.map((words): [string, Saying] => [words, { kind: 'skip', reach: 'all' }]),
  ...[...DONE_EN, ...DONE_DE, ...DONE_ES, ...CHECKS].map((words): [string, Saying] => [
    words,
    { kind: 'done', reach: 'explicit' },
  ]),
  ...[...SKIP_EN, ...SKIP_DE, ...SKIP_ES].map((words): [string, Saying] => [
    words,
    { kind: 'skip', reach: 'explicit' },
  ]),
  ...DECLINED.map((words): [string, Saying] => [words, { kind: 'skip', reach: 'reply' }]),
  ...NOT_DONE.map((words): [string, Saying] => [words, { kind: 'notDone', reach: 'reply' }]),
]);

/** What these words, folded, say; `language` is the coachee's. Null where it is none of it. */
export function sayingIn(words: string, language: string): Saying | null {
  // A gesture twice, or in another colour of skin, is the same gesture.
  const plain = words.replace(/[\u{1f3fb}-\u{1f3ff}]/gu, '').replace(/^(\p{So}|✓)(?:\s*\1)+$/u, '$1');
  const saying = SAYINGS.get(plain);
  if (saying) return saying;
  if (PROMISES.includes(plain) || NOT_YET.includes(plain)) return null;
  for (const spoken of new Set([language, 'de', 'es'])) {
    const yes = understandYesNo(plain, spoken, ENGLISH_LABELS);
    if (yes !== null) return { kind: yes ? 'done' : 'notDone', reach: 'reply' };
  }
  return null;
}

/** A verb of what was done, and how a habit of that kind is called. */
export interface Verb {
  said: string[];
  /** Beginnings of words; one that calls none may be said of any habit. */
  of: string[];
  /** "did my walk" says all; "had water" does not. */
  completes?: boolean;
}

export const VERBS: Verb[] = [
  { said: ['slept', 'geschlafen', 'dormi', 'he dormido'], of: ['sleep', 'schlaf', 'dormir', 'sueno'] },
  {
    said: ['walked', 'went for a walk', 'spaziert', 'gegangen', 'gelaufen', 'camine', 'he caminado'],
    of: ['walk', 'steps', 'spazier', 'gehen', 'lauf', 'schritt', 'camin', 'pasos', 'paseo'],
  },
  {
    said: ['ran', 'jogged', 'went for a run', 'gerannt', 'gejoggt', 'gelaufen', 'corri', 'he corrido'],
    of: ['run', 'jog', 'lauf', 'renn', 'corr'],
  },
  {
    said: ['drank', 'getrunken', 'bebi', 'tome', 'he bebido', 'he tomado'],
    of: ['water', 'drink', 'wasser', 'trink', 'agua', 'beb', 'hydrat'],
  },
  { said: ['read', 'gelesen', 'lei', 'he leido'], of: ['read', 'book', 'lesen', 'buch', 'leer', 'libro', 'lectura'] },
  { said: ['meditated', 'meditiert', 'medite', 'he meditado'], of: ['medit'] },
  {
    said: ['exercised', 'trained', 'worked out', 'trainiert', 'entrene', 'he entrenado'],
    of: ['exerc', 'train', 'workout', 'gym', 'sport', 'entren', 'ejerc'],
  },
  {
    said: ['wrote', 'journaled', 'geschrieben', 'escribi', 'he escrito'],
    of: ['writ', 'journal', 'schreib', 'tagebuch', 'escrib', 'diario'],
  },
  {
    said: ['practised', 'practiced', 'studied', 'geubt', 'gelernt', 'practique', 'he practicado', 'estudie'],
    of: ['practi', 'study', 'learn', 'ubung', 'lern', 'estudi', 'spanish', 'spanisch'],
  },
  { said: ['smoked', 'geraucht', 'fume', 'he fumado'], of: ['smok', 'cigar', 'rauch', 'zigar', 'fum'] },
  { said: ['had', 'got', 'hatte', 'tuve'], of: [] },
  { said: ['did', 'finished', 'completed', 'gemacht', 'geschafft', 'hice', 'he hecho'], of: [], completes: true },
];

export const PRONOUNS = [
  "i've",
  'ive',
  'i have',
  'i',
  'ich habe',
  'ich hab',
  'ich bin',
  'ich',
  'habe',
  'hab',
  'bin',
  'yo',
];
export const ADVERBS = [
  'today',
  'tonight',
  'already',
  'just',
  'now',
  'this morning',
  'last night',
  'so far',
  'heute',
  'schon',
  'heute nacht',
  'heute morgen',
  'letzte nacht',
  'gerade',
  'hoy',
  'ya',
  'anoche',
  'esta manana',
  'about',
  'around',
  'ca',
  'etwa',
  'unos',
  'unas',
];
/** Between a habit's name and what is said of it. */
export const FILLERS = [
  'the',
  'my',
  'with',
  'for',
  'of',
  'is',
  'was',
  'on',
  'mit',
  'mein',
  'meine',
  'meinen',
  'den',
  'das',
  'die',
  'ist',
  'war',
  'con',
  'de',
  'mi',
  'el',
  'la',
  'los',
  'las',
];
