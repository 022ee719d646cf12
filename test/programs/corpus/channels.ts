/** What channels take, and WhatsApp's 24 hours. */
import type { ProgramDefinitionInput } from '../../../shared/contracts/programs.ts';
import { asks, bad, checksIn, end, type LintCase, says, waits, waitsUntil } from './case.ts';

const whatsapp: Partial<ProgramDefinitionInput> = { channels: ['whatsapp'] };
const telegram: Partial<ProgramDefinitionInput> = { channels: ['telegram'] };
const image = (n: number) => ({ kind: 'image', url: `https://example.org/${n}.png`, title: `Exercise ${n}` });
const long = 'A long text. '.repeat(90);

export const channels: LintCase[] = [
  bad(
    'WhatsApp: a tip on the second day',
    [says('hello', 'Welcome.'), waits('night', { days: 1 }), says('tip', 'Drink a glass of water.'), end],
    ['error whatsappWindow tip'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a question on Monday',
    [
      { type: 'wait', key: 'monday', until: { time: '08:00', weekday: 'monday' } },
      asks('ready', 'Ready for the week?', { timeout: { after: { hours: 10 } } }),
      end,
    ],
    ['error whatsappWindow ready'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a check-in tomorrow at eight',
    [
      { type: 'wait', key: 'morning', until: { time: '08:00', afterDays: 1 } },
      checksIn('walk', 'walking', 'Did you walk yesterday?'),
      end,
    ],
    ['error whatsappWindow walk'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a lesson after a template that nobody answers',
    [
      waits('week', { days: 7 }),
      says('soon', 'A lesson comes today.', { whatsappTemplate: 'lesson_today' }),
      { type: 'lesson', key: 'verbs', title: 'Verbs', text: 'Read the table.', timeout: { after: { days: 1 } } },
      end,
    ],
    ['error whatsappWindow verbs'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a text of the model after a date',
    [
      waitsUntil('exam', '2027-06-14'),
      { type: 'coach', key: 'cheer', prompt: 'Wish luck.', fallback: 'Good luck!' },
      end,
    ],
    ['error whatsappWindow cheer'],
    whatsapp,
  ),
  bad(
    'WhatsApp: an offer after a fortnight',
    [
      waits('trial', { days: 14 }),
      {
        ...{ type: 'paymentGate', key: 'gate', entitlement: 'premium', text: 'Your trial is over.' },
        timeout: { after: { days: 3 } },
      },
      end,
    ],
    ['error whatsappWindow gate'],
    whatsapp,
  ),
  bad(
    'WhatsApp: what follows a question that was not answered for a day',
    [
      asks('ready', 'Ready?', { timeout: { after: { hours: 24 }, goTo: 'nudge' }, next: 'end' }),
      says('nudge', 'Hey!'),
      end,
    ],
    ['error whatsappWindow nudge'],
    whatsapp,
  ),
  bad(
    'WhatsApp: three waits that are together too long',
    [
      waits('a', { hours: 10 }),
      says('one', 'One.'),
      waits('b', { hours: 10 }),
      says('two', 'Two.'),
      waits('c', { hours: 10 }),
      says('three', 'Three.'),
      end,
    ],
    ['error whatsappWindow three'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a round of hours without a word',
    [
      says('water', 'Drink a glass of water.'),
      waits('pause', { hours: 3 }),
      { type: 'repeat', key: 'day', from: 'water', times: 12 },
      end,
    ],
    ['error whatsappWindow water'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a welcome to those whom a tag enrolls',
    [says('hello', 'Welcome.'), end],
    ['error whatsappWindow hello'],
    { ...whatsapp, enrollment: { on: [{ tag: 'customer' }] } },
  ),
  bad(
    'WhatsApp: a signal leads to a message at any time',
    [asks('ready', 'Ready?', { next: 'end' }), end, says('booked', 'See you at the call.')],
    ['error whatsappWindow booked'],
    { ...whatsapp, signals: [{ name: 'booked', payload: {}, goTo: 'booked' }] },
  ),
  bad(
    'WhatsApp: an exit leads to a message at any time',
    [asks('ready', 'Ready?', { next: 'end' }), end, says('help', 'Here is help.')],
    ['error whatsappWindow help'],
    { ...whatsapp, exits: [{ when: { tag: 'crisis' }, outcome: 'crisis', goTo: 'help' }] },
  ),
  bad(
    'WhatsApp: a program in between may take long',
    [{ type: 'subprogram', key: 'basics', program: 'basics' }, says('done', 'Well done.'), end],
    ['error whatsappWindow done'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a long question with buttons',
    [asks('ready', `${long} Ready?`), end],
    ['warning textTooLong ready'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a button of a sentence',
    [
      says('how', 'How was it?', {
        buttons: [
          { label: 'It was really rather good', value: 'good' },
          { label: 'Not so good', value: 'bad' },
        ],
      }),
      end,
    ],
    ['warning buttonTooLong how'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a row of two sentences',
    [
      asks('goal', 'What do you want most?', {
        answer: {
          kind: 'choice',
          options: ['Sleep', 'Strength', 'Calm', 'More energy for those I love'].map((label, i) => ({
            value: `v${i}`,
            label,
          })),
        },
      }),
      end,
    ],
    ['warning buttonTooLong goal'],
    whatsapp,
  ),
  bad(
    'WhatsApp: a lesson whose button is a sentence',
    [
      {
        ...{ type: 'lesson', key: 'verbs', title: 'Verbs', text: 'Read the table.' },
        ...{ doneLabel: 'I have read it from top to bottom', timeout: { after: { days: 1 } } },
      },
      end,
    ],
    ['warning buttonTooLong verbs'],
    whatsapp,
  ),
  bad(
    'Telegram: a picture under a long text',
    [says('plank', long, { media: [image(1)] }), end],
    ['warning mediaAsLinks plank'],
    telegram,
  ),
  bad(
    'WhatsApp and Telegram: several pictures',
    [says('plank', 'In two steps.', { media: [image(1), image(2)] }), end],
    ['warning mediaAsLinks plank'],
    { channels: ['telegram', 'whatsapp'] },
  ),
  bad(
    'email: a subject that is cut',
    [{ type: 'email', key: 'mail', subject: 'Your week '.repeat(8), text: 'Here it is.' }, end],
    ['warning subjectTooLong mail'],
  ),
  bad(
    'email: not among the channels',
    [{ type: 'email', key: 'mail', subject: 'Your week', text: 'Here it is.' }, end],
    ['warning emailWithoutChannel mail'],
    telegram,
  ),
];
