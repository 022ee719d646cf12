/** Texts, buttons and variables. */
import { asks, bad, checksIn, end, goesTo, type LintCase, says, waits } from './case.ts';

const options = (...labels: string[]) => ({
  kind: 'choice',
  options: labels.map((label, i) => ({ value: `o${i}`, label })),
});

export const words: LintCase[] = [
  bad(
    'nutrition: a habit ends under another name',
    [
      { type: 'habit', key: 'give', habit: 'water', forDays: 14 },
      waits('weeks', { days: 7 }),
      { type: 'habit', key: 'over', habit: 'glasses', end: true },
      end,
    ],
    ['warning habitNeverGiven over'],
  ),
  bad(
    'sleep: what was ended only is not asked for',
    [
      { type: 'habit', key: 'over', habit: 'sleep', end: true },
      goesTo('which', { adherence: 'sleep', gte: 0.5 }, 'end'),
      says('more', 'Shall we talk?'),
      end,
    ],
    ['warning habitNeverGiven over', 'warning habitNotAsked which'],
  ),
  bad('sleep: nothing but a nickname', [says('hello', '{{traits.nickname}}'), end], ['error textMayBeBlank hello']),
  bad(
    'language: a word of the day from nowhere else',
    [{ type: 'email', key: 'mail', subject: '{{traits.word}}', text: 'Use it in a sentence today.' }, end],
    ['error textMayBeBlank mail'],
  ),
  bad(
    'leadership: praise that was not written on every way there',
    [
      asks('wants', 'Shall I write you a word of praise?'),
      goesTo('asked', { answer: 'wants', eq: false }, 'letter'),
      { type: 'coach', key: 'praise', prompt: 'Praise them.', fallback: 'Well done.', send: false },
      says('letter', '{{results.praise.text}}'),
      end,
    ],
    ['error textMayBeBlank letter'],
  ),
  bad('sleep: a brace is missing', [says('hello', 'Hi {{coachee.name}'), end], ['warning brokenVariable hello']),
  bad(
    'leadership: a brace is missing in what the model reads',
    [{ type: 'coach', key: 'tip', prompt: 'Write to {{ the manager }}.', fallback: 'Delegate one thing today.' }, end],
    ['warning brokenVariable tip'],
  ),
  bad(
    'fitness: buttons of one label',
    [
      says('how', 'How was it?', {
        buttons: [
          { label: 'Fine', value: 'fine' },
          { label: 'Fine', value: 'great' },
        ],
      }),
      end,
    ],
    ['error buttonsCollide how'],
  ),
  bad(
    'fitness: buttons of one value',
    [
      says('how', 'How was it?', {
        buttons: [
          { label: 'Fine', value: 'ok' },
          { label: 'Great', value: 'ok' },
        ],
      }),
      end,
    ],
    ['error buttonsCollide how'],
  ),
  bad(
    'nutrition: options that a typed reply cannot tell apart',
    [asks('drink', 'What do you drink?', { answer: options('Café', 'cafe', 'Tea') }), end],
    ['error optionsCollide drink'],
  ),
  bad(
    'habits: a yes like the no',
    [checksIn('walk', 'walking', 'Did you walk?', { labels: { yes: 'Well', no: 'well!' } }), end],
    ['error optionsCollide walk'],
  ),
  bad(
    'sleep: no number of hours fits',
    [asks('hours', 'How many hours?', { answer: { kind: 'number', min: 12, max: 4 } }), end],
    ['error impossibleRange hours'],
  ),
  bad(
    'writing: no text is long and short enough',
    [asks('why', 'Why do you write?', { answer: { kind: 'text', minLength: 200, maxLength: 100 } }), end],
    ['error impossibleRange why'],
  ),
  bad('sleep: who is user', [says('hello', 'Hi {{user.name}}'), end], ['error unknownVariable hello']),
  bad(
    'sleep: how old is the coachee',
    [says('hello', 'You are {{coachee.age}}'), end],
    ['error unknownVariable hello'],
  ),
  bad(
    'mood: the answer of a question that is called otherwise',
    [asks('mood', 'Feeling well?'), says('echo', 'You said {{answers.moood}}'), end],
    ['error unknownVariable echo'],
  ),
  bad(
    'mood: the answer of a message without buttons',
    [says('hello', 'Welcome.'), goesTo('which', { answer: 'hello', eq: 'yes' }, 'end'), says('more', 'Go on.'), end],
    ['error unknownVariable which'],
  ),
  bad(
    'mood: a field of an answer',
    [asks('mood', 'Feeling well?'), says('echo', 'You said {{answers.mood.text}}'), end],
    ['error unknownVariable echo'],
  ),
  bad(
    'nutrition: the result of a step that keeps none',
    [says('plan', 'Here is your plan.'), says('echo', '{{results.plan.title}} is for you'), end],
    ['error unknownVariable echo'],
  ),
  bad(
    'leadership: a field that the text of the model has not',
    [
      { type: 'coach', key: 'draft', prompt: 'Praise {{coachee.name}}.', fallback: 'Well done.', send: false },
      says('praise', 'From your coach: {{results.draft.body}}'),
      end,
    ],
    ['error unknownVariable praise'],
  ),
  bad(
    'writing: a field that a review has not',
    [
      { type: 'review', key: 'check', text: 'Your letter is fine.', timeout: { after: { days: 2 } } },
      goesTo('which', { result: 'check.status', eq: 'approved' }, 'end'),
      says('sorry', 'Let us talk about it.'),
      end,
    ],
    ['error unknownVariable which'],
  ),
  bad(
    'mentoring: a field that a subprogram has not',
    [
      { type: 'subprogram', key: 'basics', program: 'mentoring-basics' },
      says('done', 'Your score: {{results.basics.score}}'),
      end,
    ],
    ['error unknownVariable done'],
  ),
  bad(
    'leadership: the text of a model that was sent',
    [
      { type: 'coach', key: 'tip', prompt: 'Give a tip.', fallback: 'Listen first.' },
      says('echo', 'Remember: {{results.tip.text}}'),
      end,
    ],
    ['error unknownVariable echo'],
  ),
  bad(
    'sales: a field that the signal has not',
    [says('thanks', 'You paid {{signals.paid.sum}}'), end],
    ['error unknownVariable thanks'],
    { signals: [{ name: 'paid', payload: { amount: 'number' } }] },
  ),
  bad(
    'sales: a signal that is not declared',
    [{ type: 'set', key: 'note', trait: 'paid', value: '{{signals.paid.amount}}' }, end],
    ['error unknownVariable note'],
  ),
  bad(
    'sales: waiting for a signal that is not declared',
    [{ type: 'waitFor', key: 'paid', signal: 'paid', timeout: { after: { days: 3 } } }, end],
    ['error unknownSignal paid'],
  ),
  bad(
    'mood: an adherence in a text',
    [checksIn('walk', 'walking', 'Did you walk?'), says('echo', 'So far: {{adherence.walking}}'), end],
    ['error unknownVariable echo'],
  ),
  bad(
    'habits: a habit that nobody asks for',
    [
      checksIn('walk', 'walking', 'Did you walk?'),
      goesTo('well', { adherence: 'walks', gte: 0.5 }, 'end'),
      says('more', 'Go on.'),
      end,
    ],
    ['warning habitNotAsked well'],
  ),
  bad(
    'mood: an echo before the question',
    [says('echo', 'Yesterday: {{answers.mood}}'), asks('mood', 'Feeling well?'), end],
    ['warning variableReadTooEarly echo'],
  ),
  bad(
    'mood: a choice on an answer that comes later',
    [
      goesTo('which', { answer: 'mood', eq: true }, 'end'),
      waits('night', { hours: 8 }),
      asks('mood', 'Feeling well?'),
      end,
    ],
    ['warning variableReadTooEarly which'],
  ),
  bad(
    'nutrition: a result on the other branch',
    [
      goesTo('which', { tag: 'vegan' }, 'vegan'),
      { type: 'callWebhook', key: 'plan', url: 'https://example.org/plan', next: 'end' },
      says('vegan', 'Your plan: {{results.plan.title}}'),
      end,
    ],
    ['warning variableReadTooEarly vegan'],
  ),
  bad(
    'points: a trait set from itself',
    [{ type: 'set', key: 'more', trait: 'points', value: '{{traits.points|0}}1' }, end],
    ['error traitSetFromItself more'],
  ),
];
