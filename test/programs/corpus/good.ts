/** Programs in which there is nothing to find. */
import { asks, checksIn, end, goesTo, good, type LintCase, says, waits, waitsUntil } from './case.ts';

const video = { kind: 'video' as const, url: 'https://example.org/plank.mp4', title: 'The plank, step by step' };

export const sound: LintCase[] = [
  good('a word and nothing more', [says('hello', 'Welcome, {{coachee.name}}')]),
  good('a question and its echo', [asks('mood', 'Feeling well?'), says('echo', 'You said {{answers.mood}}'), end]),
  good('an echo with a fallback may come first', [
    says('echo', 'Yesterday: {{answers.mood|nothing yet}}'),
    asks('mood', 'Feeling well?'),
    end,
  ]),
  good('an echo in a round', [
    says('echo', 'Yesterday: {{answers.mood}}'),
    asks('mood', 'Feeling well?', { next: 'echo', timeout: { after: { days: 1 }, goTo: 'end' } }),
    end,
  ]),
  good('an answer by button is read later', [
    says('how', 'How was it?', {
      buttons: [
        { label: 'Good', value: 'good' },
        { label: 'Our site', url: 'https://example.org' },
      ],
    }),
    waits('night', { hours: 12 }),
    goesTo('which', { answer: 'how', eq: 'good' }, 'end'),
    says('more', 'Shall we talk?'),
    end,
  ]),
  good('a lesson, done or not', [
    {
      ...{ type: 'lesson', key: 'verbs', title: 'Verbs', text: 'Read the table.', media: [video] },
      timeout: { after: { days: 2 }, goTo: 'end' },
    },
    says('done', 'Well read.'),
    end,
  ]),
  good('a habit of four weeks', [
    { type: 'wait', key: 'evening', until: { time: '20:00' } },
    checksIn('walk', 'walking', 'Did you walk today?', { target: { amount: 30, unit: 'minutes' } }),
    { type: 'repeat', key: 'weeks', from: 'evening', times: 28, until: { adherence: 'walking', last: 14, gte: 0.9 } },
    { type: 'goal', key: 'steady', goal: 'Steady' },
    end,
  ]),
  good('a text of the model goes through a review', [
    { type: 'coach', key: 'draft', prompt: 'Praise {{coachee.name}}.', fallback: 'Well done.', send: false },
    {
      ...{ type: 'review', key: 'check', text: 'To you: {{results.draft.text}}', instructions: 'Is it kind?' },
      ...{ rejected: 'end', timeout: { after: { days: 2 } } },
    },
    says('praise', 'From your coach: {{results.check.text}}'),
    end,
  ]),
  good('a text of the model, sent', [
    { type: 'coach', key: 'tip', prompt: 'Give a tip on sleep.', fallback: 'Go to bed at ten.' },
    end,
  ]),
  good('an experiment', [
    {
      ...{ type: 'abSplit', key: 'coin', trait: 'tone' },
      variants: [
        { value: 'soft', weight: 3 },
        { value: 'hard', goTo: 'hard' },
      ],
    },
    says('soft', 'Take your time.', { next: 'end' }),
    says('hard', 'Go, go, go!'),
    end,
  ]),
  good(
    'members only',
    [
      {
        ...{ type: 'paymentGate', key: 'gate', entitlement: 'premium', text: 'This is for members.' },
        ...{ offer: { label: 'Join', url: 'https://example.org/join' }, timeout: { after: { days: 7 }, goTo: 'end' } },
      },
      { type: 'tag', key: 'member', tag: 'member' },
      { type: 'untag', key: 'no-guest', tag: 'guest' },
      { type: 'set', key: 'since', trait: 'memberSince', value: 'spring' },
      end,
    ],
    { enrollment: { reentry: { afterDays: 30 }, on: [{ tag: 'guest' }] } },
  ),
  good(
    'a signal that is waited for and read',
    [
      { type: 'waitFor', key: 'paid', signal: 'paid', timeout: { after: { days: 14 }, goTo: 'end' } },
      says('thanks', 'We got {{signals.paid.amount}}.'),
      end,
    ],
    { signals: [{ name: 'paid', payload: { amount: 'number' } }] },
  ),
  good('a word whenever it comes', [
    { type: 'waitFor', key: 'story', reply: true, timeout: { after: { days: 30 } } },
    says('thanks', 'You wrote: {{answers.story}}'),
    end,
  ]),
  good('a habit is waited for', [
    checksIn('walk', 'walking', 'Did you walk?'),
    {
      ...{ type: 'waitFor', key: 'steady', until: { adherence: 'walking', gte: 0.8 } },
      timeout: { after: { days: 90 } },
    },
    end,
  ]),
  good('a habit with reminders of its own, for a month and then no more', [
    { type: 'habit', key: 'give', habit: 'water', forDays: 30 },
    {
      ...{ type: 'waitFor', key: 'slack', until: { adherence: 'water', last: 7, lt: 0.5 } },
      timeout: { after: { days: 30 }, goTo: 'over' },
    },
    says('again', 'Shall we try a smaller glass?'),
    { type: 'habit', key: 'over', habit: 'water', end: true },
    end,
  ]),
  good('dates in their order', [
    waitsUntil('term', '2027-03-01'),
    waits('week', { days: 7 }),
    says('revise', 'Time to revise.'),
    waitsUntil('exam', '2027-03-08'),
    says('good-luck', 'Good luck!'),
    end,
  ]),
  good('a later date on one way only', [
    goesTo('which', { tag: 'early' }, 'june'),
    waitsUntil('july', '2027-07-01'),
    waitsUntil('june', '2027-06-01'),
    end,
  ]),
  good(
    'a program and another one',
    [
      { type: 'subprogram', key: 'basics', program: 'mentoring-basics' },
      goesTo('which', { result: 'basics.status', eq: 'finished' }, 'done'),
      says('sorry', 'You can come back at any time.', { next: 'end' }),
      says('done', 'You ended with: {{results.basics.outcome}}'),
      end,
    ],
    { slug: 'mentoring' },
  ),
  good('a webhook and any of its fields', [
    { type: 'callWebhook', key: 'plan', url: 'https://example.org/plan', body: { who: '{{coachee.name}}' } },
    says('echo', 'Your plan: {{results.plan.title}}'),
    end,
  ]),
  good(
    'goals, exits and a way out for the unwell',
    [asks('mood', 'Feeling well?', { next: 'end' }), says('help', 'Here is help.'), end],
    {
      goals: [{ goal: 'Well', when: { answer: 'mood', eq: true } }],
      exits: [
        { when: { answer: 'mood', eq: false }, outcome: 'unwell', goTo: 'help' },
        { when: { tag: 'gone' }, outcome: 'gone' },
        { when: { trait: 'left', eq: true }, outcome: 'gone' },
      ],
    },
  ),
  good('a step that only a signal leads to', [end, says('booked', 'See you.')], {
    signals: [{ name: 'booked', payload: {}, goTo: 'booked' }],
  }),
  good('jumps put the steps in another order', [
    { type: 'jump', key: 'first', to: 'hello' },
    says('bye', 'Bye.', { next: 'end' }),
    says('hello', 'Welcome.', { next: 'bye' }),
    end,
  ]),
  good(
    'WhatsApp: behind an answer anything goes',
    [
      waits('night', { days: 1 }),
      asks('ready', 'Ready for a lesson?', {
        ...{ whatsappTemplate: 'ready_for_a_lesson', timeout: { after: { hours: 20 }, goTo: 'end' } },
      }),
      { type: 'lesson', key: 'verbs', title: 'Verbs', text: 'Read the table.', timeout: { after: { hours: 12 } } },
      says('bye', 'Until tomorrow.'),
      end,
    ],
    { channels: ['whatsapp'] },
  ),
  good(
    'WhatsApp: a few hours without a word',
    [
      says('water', 'Drink a glass of water.'),
      waits('pause', { hours: 3 }),
      { type: 'repeat', key: 'day', from: 'water', times: 5 },
      end,
    ],
    { channels: ['whatsapp'] },
  ),
  good(
    'WhatsApp: repeats one after the other',
    [
      says('water', 'Drink a glass of water.'),
      waits('pause', { hours: 2 }),
      { type: 'repeat', key: 'morning', from: 'water', times: 4 },
      says('stretch', 'Stretch.'),
      waits('rest', { hours: 2 }),
      { type: 'repeat', key: 'evening', from: 'stretch', times: 4 },
      end,
    ],
    { channels: ['whatsapp'] },
  ),
  good(
    'WhatsApp: a list of ten short rows',
    [
      asks('day', 'Which day suits you?', {
        answer: {
          kind: 'choice',
          options: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].map((label) => ({ value: label, label })),
        },
      }),
      end,
    ],
    { channels: ['whatsapp', 'web'] },
  ),
  good('Telegram: a picture with a caption', [says('plank', 'Like this.', { media: [video] }), end], {
    channels: ['telegram'],
  }),
  good(
    'email among the channels',
    [{ type: 'email', key: 'mail', subject: 'Your week', text: 'Here it is, {{coachee.name}}.' }, end],
    { channels: ['email', 'web'] },
  ),
  good(
    'in German',
    [
      asks('gut', 'Gut geschlafen?', {
        ...{ answer: { kind: 'yesNo', labels: { yes: 'Ja', no: 'Nein' } }, reask: 'Ja oder nein?' },
      }),
      end,
    ],
    { language: 'de' },
  ),
  good('a text that somebody has looked at', [
    { type: 'coach', key: 'draft', prompt: 'Praise them.', fallback: 'Well done.', send: false },
    { type: 'review', key: 'look', text: '{{results.draft.text}}', timeout: { after: { days: 1 } } },
    says('letter', '{{results.look.text}}'),
    end,
  ]),
  good(
    'translated in full',
    [
      says('hello', 'Welcome, {{coachee.name}}'),
      says('party', '🎉'),
      asks('mood', 'Feeling well?', {
        ...{ answer: { kind: 'yesNo', labels: { yes: 'Yes', no: 'No' } }, reask: 'Yes or no?' },
      }),
      { type: 'coach', key: 'tip', prompt: 'Give a tip.', fallback: 'Breathe.' },
      end,
    ],
    {
      translations: {
        de: {
          'hello.text': 'Willkommen, {{coachee.name}}',
          'mood.text': 'Geht es dir gut?',
          'mood.reask': 'Ja oder nein?',
          'mood.answer.labels.yes': 'Ja',
          'mood.answer.labels.no': 'Nein',
          'tip.fallback': 'Atme.',
        },
      },
    },
  ),
];
