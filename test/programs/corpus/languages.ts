/** Languages and translations. */
import { asks, bad, checksIn, end, type LintCase, says } from './case.ts';

const hello = says('hello', 'Welcome, {{coachee.name}}');

export const languages: LintCase[] = [
  bad(
    'Schlaf: a default sentence in English',
    [asks('stunden', 'Wie viele Stunden?', { answer: { kind: 'number' } }), end],
    ['warning reaskInEnglish stunden'],
    { language: 'de' },
  ),
  bad(
    'sommeil: buttons in English',
    [asks('bien', 'Bien dormi ?', { reask: 'Oui ou non ?' }), end],
    ['warning labelsInEnglish bien'],
    { language: 'fr' },
  ),
  bad(
    'hábitos: a check-in in English',
    [checksIn('andar', 'walking', '¿Has caminado hoy?'), end],
    ['warning reaskInEnglish andar', 'warning labelsInEnglish andar'],
    { language: 'es' },
  ),
  bad(
    'lingua: a lesson that is done in English',
    [{ type: 'lesson', key: 'verbi', title: 'Verbi', text: 'Leggi.', timeout: { after: { days: 1 } } }, end],
    ['warning labelsInEnglish verbi'],
    { language: 'it' },
  ),
  bad(
    'sleep: a text that is not translated',
    [hello, says('bye', 'Sleep well.'), end],
    ['warning missingTranslation bye'],
    {
      translations: { de: { 'hello.text': 'Willkommen, {{coachee.name}}' } },
    },
  ),
  bad(
    'sleep: not translated into either language',
    [hello, end],
    ['warning missingTranslation hello', 'warning missingTranslation hello'],
    { translations: { de: {}, fr: {} } },
  ),
  bad('sleep: a translation of a step that is gone', [hello, end], ['error unknownText'], {
    translations: { de: { 'hello.text': 'Willkommen, {{coachee.name}}', 'intro.text': 'Hallo' } },
  }),
  bad('sleep: a translation of what is no text', [hello, end], ['error unknownText hello'], {
    translations: { de: { 'hello.text': 'Willkommen, {{coachee.name}}', 'hello.next': 'ende' } },
  }),
  bad('sleep: a translation without the name', [hello, end], ['warning translationVariables hello'], {
    translations: { de: { 'hello.text': 'Willkommen' } },
  }),
  bad('sleep: a translation with a broken brace', [says('hello', 'Welcome.'), end], ['warning brokenVariable hello'], {
    translations: { de: { 'hello.text': 'Willkommen, {{du}' } },
  }),
  bad(
    'sleep: a translation that may be blank',
    [says('hello', 'Hi {{coachee.name}}'), end],
    ['error textMayBeBlank hello'],
    {
      translations: { de: { 'hello.text': '{{coachee.name}}' } },
    },
  ),
  bad('sleep: a translation into the own language', [hello, end], ['warning translationOfOwnLanguage'], {
    translations: { en: { 'hello.text': 'Hello, {{coachee.name}}' } },
  }),
  bad(
    'sleep: a default sentence stays English in German',
    [asks('hours', 'How many hours?', { answer: { kind: 'number' } }), end],
    ['warning reaskInEnglish hours'],
    { translations: { de: { 'hours.text': 'Wie viele Stunden?' } } },
  ),
  bad(
    'sleep: a button that is too long in German',
    [says('how', 'How was it?', { buttons: [{ label: 'Good', value: 'good' }] }), end],
    ['warning buttonTooLong how'],
    {
      channels: ['whatsapp'],
      translations: { de: { 'how.text': 'Wie war es?', 'how.buttons.0.label': 'Ganz ausgezeichnet, danke' } },
    },
  ),
  bad(
    'sleep: buttons that are the same in German',
    [
      says('how', 'How was it?', {
        buttons: [
          { label: 'Good', value: 'good' },
          { label: 'Fine', value: 'fine' },
        ],
      }),
      end,
    ],
    ['error buttonsCollide how'],
    {
      translations: {
        de: { 'how.text': 'Wie war es?', 'how.buttons.0.label': 'Gut', 'how.buttons.1.label': 'Gut' },
      },
    },
  ),
];
