/**
 * How people say of a habit that it is done, or is not, in English, German and Spanish: folded (journeys/steps/fold.ts), and without commas
 * and points within.
 */
import { understandYesNo } from '../journeys/steps/yes-no.ts';

/** `reach`: 'explicit' is said of a habit by whoever says it; a 'reply' means something only to who was asked; 'all' is of all that was asked. */
export interface Saying {
  kind: 'done' | 'skip' | 'notDone';
  reach: 'explicit' | 'reply' | 'all';
}

const listed = (...lines: string[]): string[] => lines.flatMap((line) => line.split(' | '));

const DONE = listed(
  "done | did it | i did | done it | did that | finished | completed | complete | yes done | yes i did | yes did it | that's done",
  "erledigt | gemacht | geschafft | fertig | habs gemacht | hab's gemacht | habe es gemacht | ist erledigt | ja erledigt | ja gemacht | abgehakt",
  'hecho | listo | lista | terminado | completado | lo hice | lo he hecho | ya lo hice | ya esta | si hecho | si lo hice',
  '✅ | ✔ | ☑ | ✓',
);

const SKIP = listed(
  'skip | skip it | skip today | skip this | skip this one | skipping | skipping today | skipped',
  'uberspringen | auslassen | aussetzen | heute aussetzen | heute uberspringen | ausgelassen',
  'saltar | omitir | saltar hoy | saltalo | me lo salto | hoy me lo salto',
);

const DECLINED = listed(
  "not today | no not today | nope not today | not for today | pass | ill pass | i'll pass | i will pass | day off | rest day",
  'heute nicht | nein heute nicht | nicht heute | heute mal nicht',
  'hoy no | no hoy no | hoy paso | no hoy',
);

const NOT_DONE = listed(
  "not done | didnt | didn't | didnt do it | didn't do it | did not | did not do it | no i didn't | missed | missed it",
  "forgot | forgot it | didn't manage | couldn't do it",
  "nicht gemacht | nicht geschafft | nicht erledigt | habs nicht geschafft | hab's nicht geschafft",
  'vergessen | hab es vergessen | hab ich vergessen | leider nein | leider nicht | nein leider nicht',
  'no hecho | no lo hice | no lo he hecho | no pude | se me olvido | lo olvide | me olvide',
  '❌ | ✗ | ✘',
);

const ALL_DONE = listed(
  'all done | both done | did both | did all | did them all | everything done | done all',
  'alles erledigt | alles gemacht | alle erledigt | beides erledigt | beide erledigt',
  'todo hecho | todos hechos | ambos hechos | hice todo',
);
const ALL_SKIPPED = listed('skip all | skip both | skip everything | alles uberspringen | saltar todo');

/** Agreement is no account of what was done: "ok" to a reminder is a promise at best. And "not yet" tells of no failure. */
const NO_ACCOUNTS = listed(
  'ok | okay | sure | of course | yes please | true | false | klar | gerne | ja bitte | naturlich | claro | vale | por supuesto',
  "d'accord | bien sur | va bene | certo | com certeza | zeker | graag",
  'not yet | noch nicht | todavia no | pas encore | non ancora | ainda nao | nog niet',
);

const saying = (words: string[], kind: Saying['kind'], reach: Saying['reach']): [string, Saying][] =>
  words.map((said) => [said, { kind, reach }]);

const SAYINGS = new Map<string, Saying>([
  ...saying(DONE, 'done', 'explicit'),
  ...saying(SKIP, 'skip', 'explicit'),
  ...saying(DECLINED, 'skip', 'reply'),
  ...saying(NOT_DONE, 'notDone', 'reply'),
  ...saying(ALL_DONE, 'done', 'all'),
  ...saying(ALL_SKIPPED, 'skip', 'all'),
]);

const ENGLISH_LABELS = { yes: 'yes', no: 'no' };

/** What these words, folded, say; `language` is the coachee's. Null where it is none of it. */
export function sayingIn(words: string, language: string): Saying | null {
  const found = SAYINGS.get(words);
  if (found || NO_ACCOUNTS.includes(words)) return found ?? null;
  for (const spoken of new Set([language, 'de', 'es'])) {
    const yes = understandYesNo(words, spoken, ENGLISH_LABELS);
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

const verb = (said: string, of: string): Verb => ({ said: listed(said), of: listed(of) });

export const VERBS: Verb[] = [
  verb('slept | geschlafen | dormi | he dormido', 'sleep | schlaf | dormir | sueno'),
  verb(
    'walked | went for a walk | spaziert | gegangen | gelaufen | camine | he caminado',
    'walk | steps | spazier | gehen | lauf | schritt | camin | pasos | paseo',
  ),
  verb(
    'ran | jogged | went for a run | gerannt | gejoggt | gelaufen | corri | he corrido',
    'run | jog | lauf | renn | corr',
  ),
  verb('drank | getrunken | bebi | tome | he bebido', 'water | drink | wasser | trink | agua | beb | hydrat'),
  verb('read | gelesen | lei | he leido', 'read | book | lesen | buch | leer | libro | lectura'),
  verb('meditated | meditiert | medite | he meditado', 'medit'),
  verb(
    'exercised | trained | worked out | trainiert | entrene | he entrenado',
    'exerc | train | workout | gym | sport | entren | ejerc',
  ),
  verb(
    'wrote | journaled | geschrieben | escribi | he escrito',
    'writ | journal | schreib | tagebuch | escrib | diario',
  ),
  verb(
    'practised | practiced | studied | geubt | gelernt | practique | estudie',
    'practi | study | learn | ubung | lern | estudi',
  ),
  verb('smoked | geraucht | fume | he fumado', 'smok | cigar | rauch | zigar | fum'),
  { said: listed('had | got | hatte | tuve'), of: [] },
  { said: listed('did | finished | completed | gemacht | geschafft | hice | he hecho'), of: [], completes: true },
];

export const PRONOUNS = listed("i've | ive | i have | i | ich habe | ich hab | ich bin | ich | habe | hab | bin | yo");

/** Words beside what is said that change nothing of it. */
export const ADVERBS = listed(
  'today | tonight | already | just | now | this morning | last night | so far | about | around',
  'heute nacht | heute morgen | letzte nacht | heute | schon | gerade | etwa | ca',
  'esta manana | anoche | hoy | ya | unos | unas',
);

/** Between a habit's name and what is said of it. */
/** How and when a title says that something is done: none of them names it. */
export const MANNERS = listed(
  'well | better | more | less | enough | early | earlier | late | later | daily | today | now | again | out | up | off | in',
  'gut | besser | mehr | weniger | genug | fruh | fruher | spat | taglich | heute | jetzt | bien | mejor | mas | menos | temprano | tarde | hoy',
);

export const FILLERS = listed(
  'the | my | with | for | of | is | was | on | mit | mein | meine | meinen | den | das | die | ist | war',
  'con | de | mi | el | la | los | las',
);
