/** Goals and exits that the program watches for. */
import { asks, bad, end, type LintCase, says } from './case.ts';

const steps = [asks('mood', 'Feeling well?'), end];

export const watches: LintCase[] = [
  bad('burnout: an exit to nowhere', steps, ['error unknownStep'], {
    exits: [{ when: { tag: 'crisis' }, outcome: 'crisis', goTo: 'hotline' }],
  }),
  bad(
    'burnout: two exits of one outcome',
    [asks('mood', 'Feeling well?', { next: 'end' }), says('help', 'Here is help.'), says('call', 'Call us.'), end],
    ['error duplicateExit'],
    {
      exits: [
        { when: { tag: 'crisis' }, outcome: 'crisis', goTo: 'help' },
        { when: { trait: 'risk', gte: 8 }, outcome: 'crisis', goTo: 'call' },
      ],
    },
  ),
  bad('burnout: an exit on an answer of nobody', steps, ['error unknownVariable'], {
    exits: [{ when: { answer: 'risk', gte: 8 }, outcome: 'crisis' }],
  }),
  bad('burnout: an exit that everybody takes at once', steps, ['error exitFromTheStart'], {
    exits: [{ when: { answer: 'mood', exists: false }, outcome: 'silent' }],
  }),
  bad('burnout: what is missing is no no', steps, ['error exitFromTheStart'], {
    exits: [{ when: { any: [{ tag: 'gone' }, { answer: 'mood', ne: true }] }, outcome: 'unwell' }],
  }),
  bad('steps: a goal on a field that no signal has', steps, ['error unknownVariable'], {
    signals: [{ name: 'walked', payload: { steps: 'number' } }],
    goals: [{ goal: '10,000 steps', when: { signal: 'walked.count', gte: 10000 } }],
  }),
  bad('steps: a goal that is watched for twice', steps, ['warning duplicateGoal'], {
    goals: [
      { goal: 'Well', when: { answer: 'mood', eq: true } },
      { goal: 'Well', when: { tag: 'well' } },
    ],
  }),
  bad('steps: a goal that everybody has reached', steps, ['warning goalFromTheStart'], {
    goals: [{ goal: 'Not unwell', when: { not: { answer: 'mood', eq: false } } }],
  }),
  bad('habits: a goal on a habit that is not asked for', steps, ['warning habitNotAsked'], {
    goals: [{ goal: 'Steady', when: { adherence: 'walking', last: 14, gte: 0.9 } }],
  }),
];
