/** Steps that lead nowhere, that nothing leads to, and that go round and round. */
import { asks, bad, checksIn, end, goesTo, type LintCase, says, waits } from './case.ts';

export const graph: LintCase[] = [
  bad(
    'sleep: two evenings of one name',
    [says('evening', 'Dim the lights at nine.'), says('evening', 'Leave the phone in the kitchen.')],
    ['error duplicateStepKey evening'],
  ),
  bad(
    'fitness: next to a step that was renamed',
    [says('warm-up', 'Five minutes of walking.', { next: 'squats' }), end],
    ['error unknownStep warm-up', 'warning unreachableStep end'],
  ),
  bad(
    'language: an unanswered question leads to nowhere',
    [asks('ready', 'Ready for ten words?', { timeout: { after: { days: 1 }, goTo: 'nudge' } }), end],
    ['error unknownStep ready'],
  ),
  bad(
    'leadership: a case of a branch leads to nowhere',
    [asks('team', 'Do you lead a team?'), goesTo('which', { answer: 'team', eq: true }, 'delegation'), end],
    ['error unknownStep which'],
  ),
  bad(
    'leadership: everything else leads to nowhere',
    [
      asks('team', 'Do you lead a team?'),
      goesTo('which', { answer: 'team', eq: true }, 'end', { otherwise: 'solo' }),
      end,
    ],
    ['error unknownStep which'],
  ),
  bad(
    'nutrition: a webhook that fails leads to nowhere',
    [{ type: 'callWebhook', key: 'plan', url: 'https://example.org/plan', onFailure: 'sorry' }, end],
    ['error unknownStep plan'],
  ),
  bad(
    'sleep: a jump to nowhere',
    [says('hello', 'Welcome.'), { type: 'jump', key: 'skip', to: 'week-two' }],
    ['error unknownStep skip'],
  ),
  bad(
    'fitness: a variant leads to nowhere',
    [
      {
        ...{ type: 'abSplit', key: 'coin', trait: 'tone' },
        variants: [{ value: 'soft' }, { value: 'hard', goTo: 'sergeant' }],
      },
      end,
    ],
    ['error unknownStep coin'],
  ),
  bad(
    'writing: a rejected draft leads to nowhere',
    [
      {
        ...{ type: 'review', key: 'check', text: 'Your letter is fine.', rejected: 'rewrite' },
        timeout: { after: { days: 2 } },
      },
      end,
    ],
    ['error unknownStep check'],
  ),
  bad(
    'running: a repeat from nowhere',
    [checksIn('run', 'running', 'Did you run?'), { type: 'repeat', key: 'week', from: 'monday', times: 4 }, end],
    ['error unknownStep week'],
  ),
  bad('sales: a signal leads to nowhere', [says('hello', 'Welcome.'), end], ['error unknownStep'], {
    signals: [{ name: 'booked', payload: {}, goTo: 'call' }],
  }),
  bad('sales: a signal declared twice', [says('hello', 'Welcome.'), end], ['error duplicateSignal'], {
    signals: [
      { name: 'booked', payload: {} },
      { name: 'booked', payload: { when: 'text' } },
    ],
  }),
  bad(
    'sleep: a farewell after the end',
    [says('hello', 'Sleep well.', { next: 'end' }), says('bonus', 'One more thing.'), end],
    ['warning unreachableStep bonus'],
  ),
  bad(
    'fitness: a whole week nobody comes to',
    [says('day-1', 'Ten squats.', { next: 'end' }), waits('night', { days: 1 }), says('day-2', 'Twenty squats.'), end],
    ['warning unreachableStep night', 'warning unreachableStep day-2'],
  ),
  bad(
    'fitness: a jump over the middle',
    [{ type: 'jump', key: 'over', to: 'end' }, says('middle', 'Breathe.'), end],
    ['warning unreachableStep middle'],
  ),
  bad(
    'language: two messages that follow each other for ever',
    [says('word', 'la casa'), says('meaning', 'the house', { next: 'word' })],
    ['error cycleWithoutWait word'],
  ),
  bad('language: a jump to itself', [{ type: 'jump', key: 'loop', to: 'loop' }], ['error cycleWithoutWait loop']),
  bad(
    'fitness: a round of half a minute',
    [says('go', 'Jump!'), waits('rest', { seconds: 30 }, { next: 'go' })],
    ['error cycleWithoutWait go'],
  ),
  bad(
    'mindfulness: a condition that is asked again at once',
    [says('hello', 'Welcome.'), goesTo('calm', { tag: 'calm' }, 'end', { otherwise: 'calm' }), end],
    ['error cycleWithoutWait calm'],
  ),
  bad(
    'nutrition: a webhook that is tried again at once',
    [{ type: 'callWebhook', key: 'plan', url: 'https://example.org/plan', onFailure: 'plan' }, end],
    ['error cycleWithoutWait plan'],
  ),
  bad(
    'running: a repeat without a pause',
    [says('go', 'One more round!'), { type: 'repeat', key: 'rounds', from: 'go', times: 5 }, end],
    ['error cycleWithoutWait go'],
  ),
  bad(
    'premium: a gate that is open already slows nothing',
    [
      { type: 'paymentGate', key: 'gate', entitlement: 'premium', text: 'This is for members.' },
      says('tip', 'A tip.', { next: 'gate' }),
    ],
    ['error cycleWithoutWait gate'],
  ),
  bad(
    'habits: a condition that holds already slows nothing',
    [
      { type: 'waitFor', key: 'tagged', until: { tag: 'ready' }, timeout: { after: { days: 7 } } },
      says('go', 'Here we go.', { next: 'tagged' }),
    ],
    ['error cycleWithoutWait tagged'],
  ),
  bad(
    'mentoring: programs that follow each other at once',
    [{ type: 'subprogram', key: 'basics', program: 'mentoring-basics', next: 'basics' }],
    ['error cycleWithoutWait basics'],
  ),
  bad(
    'sleep: a repeat without an end',
    [
      checksIn('slept', 'sleep', 'Did you sleep well?'),
      { type: 'repeat', key: 'again', from: 'slept', until: { adherence: 'sleep', gte: 0.8 } },
      end,
    ],
    ['error unboundedRepeat again'],
  ),
  bad(
    'running: a repeat that goes back to what lies ahead',
    [
      checksIn('run', 'running', 'Did you run?'),
      { type: 'repeat', key: 'week', from: 'stretch', times: 3 },
      says('stretch', 'Stretch your calves.'),
      end,
    ],
    ['error repeatLeadsNowhere week'],
  ),
  bad(
    'running: a repeat from a step that leads out',
    [
      goesTo('where', { tag: 'beginner' }, 'run'),
      says('bye', 'This is not for you yet.', { next: 'end' }),
      checksIn('run', 'running', 'Did you run?'),
      { type: 'repeat', key: 'week', from: 'bye', times: 3 },
      end,
    ],
    ['error repeatLeadsNowhere week'],
  ),
];
