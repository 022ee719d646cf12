/** Time: timeouts, dates, reviews, gates; and what holds people for ever. */
import { asks, bad, checksIn, end, type LintCase, says, waits, waitsUntil } from './case.ts';

export const time: LintCase[] = [
  bad(
    'fitness: days that were meant to be minutes',
    [{ type: 'habit', key: 'give', habit: 'plank', forDays: 1800 }, end],
    ['warning habitForTooLong give'],
  ),
  bad(
    'sleep: a question that waits for ever',
    [{ type: 'ask', key: 'hours', text: 'How many hours?', answer: { kind: 'number' } }, end],
    ['warning askWithoutTimeout hours'],
  ),
  bad(
    'language: a lesson that waits for ever',
    [{ type: 'lesson', key: 'verbs', title: 'Verbs', text: 'Read the table.' }, end],
    ['warning askWithoutTimeout verbs'],
  ),
  bad(
    'sales: a signal that is waited for for ever',
    [{ type: 'waitFor', key: 'paid', signal: 'paid' }, end],
    ['warning waitWithoutTimeout paid'],
    { signals: [{ name: 'paid', payload: {} }] },
  ),
  bad(
    'fitness: thirty seconds to answer',
    [asks('ready', 'Ready?', { timeout: { after: { seconds: 30 } } }), end],
    ['warning timeoutTooShort ready'],
  ),
  bad(
    'language: five minutes for a lesson',
    [
      { type: 'lesson', key: 'verbs', title: 'Verbs', text: 'Read the table.', timeout: { after: { minutes: 5 } } },
      end,
    ],
    ['warning timeoutTooShort verbs'],
  ),
  bad(
    'habits: a check-in of nine minutes',
    [checksIn('walk', 'walking', 'Did you walk?', { timeout: { after: { minutes: 9 } } }), end],
    ['warning timeoutTooShort walk'],
  ),
  bad(
    'premium: three minutes to pay',
    [
      {
        ...{ type: 'paymentGate', key: 'gate', entitlement: 'premium', text: 'This is for members.' },
        timeout: { after: { minutes: 3 } },
      },
      end,
    ],
    ['warning timeoutTooShort gate'],
  ),
  bad(
    'writing: nobody reviews in half a minute',
    [{ type: 'review', key: 'check', text: 'Your letter is fine.', timeout: { after: { seconds: 30 } } }, end],
    ['warning reviewTooShort check'],
  ),
  bad(
    'exam: the thirtieth of February',
    [waitsUntil('exam', '2027-02-30'), says('good-luck', 'Good luck!'), end],
    ['error invalidDate exam'],
  ),
  bad(
    'exam: two dates in the wrong order',
    [
      waitsUntil('exam', '2027-06-14'),
      says('how', 'How did it go?'),
      waitsUntil('revision', '2027-06-01'),
      says('revise', 'Time to revise.'),
      end,
    ],
    ['warning dateAlreadyPast revision'],
  ),
  bad(
    'exam: a fortnight after a date is later than the next one',
    [
      waitsUntil('term', '2027-03-01'),
      waits('fortnight', { days: 14 }),
      says('half', 'Half of it is done.'),
      waitsUntil('holidays', '2027-03-10'),
      says('rest', 'Enjoy your holidays.'),
      end,
    ],
    ['warning dateAlreadyPast holidays'],
  ),
  bad(
    'exam: a date that is past on both ways',
    [
      asks('early', 'Will you take the early exam?'),
      { type: 'branch', key: 'which', cases: [{ when: { answer: 'early', eq: true }, goTo: 'may' }] },
      waitsUntil('july', '2027-07-01', { next: 'april' }),
      waitsUntil('may', '2027-05-01'),
      waitsUntil('april', '2027-04-01'),
      end,
    ],
    ['warning dateAlreadyPast april'],
  ),
  bad(
    'premium: held without a word',
    [{ type: 'paymentGate', key: 'gate', entitlement: 'premium' }, says('tip', 'A tip.'), end],
    ['warning heldWithoutAWord gate'],
  ),
  bad(
    'premium: an offer without a text to stand under',
    [
      {
        ...{ type: 'paymentGate', key: 'gate', entitlement: 'premium', timeout: { after: { days: 3 } } },
        offer: { label: 'Join', url: 'https://example.org/join' },
      },
      end,
    ],
    ['error offerNeverShown gate'],
  ),
  bad(
    'tone: nothing to draw',
    [
      {
        ...{ type: 'abSplit', key: 'coin', trait: 'tone' },
        variants: [
          { value: 'soft', weight: 0 },
          { value: 'hard', weight: 0 },
        ],
      },
      end,
    ],
    ['error splitWithoutWeight coin'],
  ),
  bad(
    'tone: two variants of one name',
    [{ type: 'abSplit', key: 'coin', trait: 'tone', variants: [{ value: 'soft' }, { value: 'soft' }] }, end],
    ['error duplicateVariant coin'],
  ),
  bad(
    'mentoring: a program within itself',
    [{ type: 'subprogram', key: 'again', program: 'mentoring' }, end],
    ['error subprogramOfItself again'],
    { slug: 'mentoring' },
  ),
];
