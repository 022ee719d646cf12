/**
 * The demo creator's program: three weeks of habit coaching, and every kind of step but a webhook. No question gives up
 * within a day, so that a test enrollment of two seconds a day leaves time enough to answer.
 */
import type { ProgramDefinitionInput } from '../shared/contracts/programs.ts';

export const demoProgram: ProgramDefinitionInput = {
  v: 1,
  title: 'Three calm weeks',
  language: 'en',
  signals: [
    { name: 'call-booked', payload: { coach: 'text', minutes: 'number' } },
    { name: 'graduated', payload: { coach: 'text' }, goTo: 'early-goodbye' },
  ],
  steps: [
    // Week one: choose something small.
    {
      key: 'welcome',
      name: 'Welcome',
      type: 'message',
      text:
        'Hello {{coachee.name|and welcome}}, how good that you are here.\n\n' +
        'For three weeks we will practise one small thing that makes your days a little calmer. It takes ten minutes ' +
        'at most, and there is nothing to get right. You can write /pause whenever life needs you elsewhere.',
      buttons: [
        { label: 'Happy to be here', value: 'happy' },
        { label: 'A bit unsure', value: 'unsure' },
      ],
    },
    {
      key: 'intention',
      name: 'What they hope for',
      type: 'ask',
      text: 'Before we begin: what would you like more of in your days? A few words are plenty.',
      answer: { kind: 'text', minLength: 2, maxLength: 300 },
      timeout: { after: { days: 1 }, goTo: 'plan' },
    },
    {
      key: 'practice',
      name: 'Choose a practice',
      type: 'ask',
      text: 'Now choose the small thing. Which of these would feel good, even on a busy day?',
      answer: {
        kind: 'choice',
        options: [
          { value: 'three minutes of slow breathing', label: 'Slow breathing' },
          { value: 'ten minutes of walking without your phone', label: 'A short walk' },
          { value: 'five lines in a notebook', label: 'Writing a few lines' },
        ],
      },
      reask: 'I would like to get this right: slow breathing, a short walk, or writing a few lines?',
      timeout: { after: { days: 1 }, goTo: 'plan' },
    },
    { key: 'keep-practice', name: 'Keep the practice', type: 'set', trait: 'practice', value: '{{answers.practice}}' },
    {
      key: 'calm-before',
      name: 'Calm at the start',
      type: 'ask',
      text: 'One number, so that we can look back later: how calm have your last days been, from 1 (stormy) to 10 (still water)?',
      answer: { kind: 'number', min: 1, max: 10, integer: true },
      timeout: { after: { days: 1 }, goTo: 'plan' },
    },
    {
      key: 'keep-calm-before',
      name: 'Keep the first number',
      type: 'set',
      trait: 'calm_at_start',
      value: '{{answers.calm-before}}',
    },
    {
      key: 'plan',
      name: 'The plan for week one',
      type: 'message',
      text:
        'So this is the plan: {{traits.practice|three minutes of slow breathing}}, once a day, whenever it fits.\n\n' +
        'Today you need to do nothing more. I will write to you tomorrow morning.',
    },
    { key: 'first-morning', name: 'Until the first morning', type: 'wait', until: { time: '08:00', afterDays: 1 } },
    {
      key: 'day-one',
      name: 'Day one',
      type: 'message',
      text:
        'Good morning {{coachee.name|to you}}. Today is the first time: {{traits.practice|three minutes of slow breathing}}.\n\n' +
        'A trick that helps: decide now where you will be when you do it. The place remembers for you.',
      buttons: [
        { label: 'I have a place', value: 'placed' },
        { label: 'I will see', value: 'later' },
      ],
    },
    { key: 'two-days', name: 'Two days to try', type: 'wait', for: { days: 2 } },
    {
      key: 'tried',
      name: 'Has it happened?',
      type: 'ask',
      text: 'Two days have gone by. Did you get to {{traits.practice|three minutes of slow breathing}} at least once? Both answers are fine.',
      answer: { kind: 'yesNo', labels: { yes: 'Yes', no: 'Not yet' } },
      timeout: { after: { hours: 33 }, goTo: 'smaller' },
    },
    {
      key: 'after-tried',
      name: 'Did it happen?',
      type: 'branch',
      cases: [{ when: { answer: 'tried', eq: true }, goTo: 'first-time' }],
      otherwise: 'smaller',
    },
    { key: 'first-time', name: 'Goal: first practice', type: 'goal', goal: 'First practice' },
    { key: 'started', name: 'Mark as started', type: 'set', tag: 'started', present: true },
    {
      key: 'well-begun',
      name: 'Praise',
      type: 'message',
      text: 'Well done. The first time is the hardest one, and it is behind you. Simply do the same again.',
      next: 'first-sunday',
    },
    {
      key: 'smaller',
      name: 'Make it smaller',
      type: 'message',
      text:
        'Starting is the hard part, so let us make it smaller: one single minute, right after something you do anyway, ' +
        'such as putting on the kettle. One minute counts in full.',
    },
    { key: 'first-sunday', name: 'Until Sunday evening', type: 'wait', until: { weekday: 'sunday', time: '18:00' } },
    {
      key: 'one-moment',
      name: 'One moment of the week',
      type: 'ask',
      text: 'It is Sunday evening, a good time to look back. Which moment of this week felt calm, however short it was?',
      answer: { kind: 'text', maxLength: 500 },
      timeout: { after: { hours: 36 }, goTo: 'second-week' },
    },
    {
      key: 'thank-moment',
      name: 'Thank them',
      type: 'message',
      text: 'Thank you for telling me. Such moments were always there; you are beginning to notice them. Sleep well.',
    },

    // Week two: give it a place in the day.
    { key: 'second-week', name: 'Until Tuesday morning', type: 'wait', until: { weekday: 'tuesday', time: '08:00' } },
    {
      key: 'anchor',
      name: 'Choose an anchor',
      type: 'ask',
      text:
        'Good morning. Week two is about never having to remember. A habit that follows another one needs no willpower. ' +
        'What shall yours follow?',
      answer: {
        kind: 'choice',
        options: [
          { value: 'your first cup in the morning', label: 'My first cup' },
          { value: 'lunch', label: 'Lunch' },
          { value: 'brushing your teeth at night', label: 'Brushing my teeth' },
        ],
      },
      timeout: { after: { hours: 30 }, goTo: 'midweek' },
    },
    {
      key: 'anchored',
      name: 'Confirm the anchor',
      type: 'message',
      text: 'Lovely. After {{answers.anchor}}: {{traits.practice|three minutes of slow breathing}}. Say it aloud once; it helps more than one would think.',
    },
    { key: 'midweek', name: 'Half a week', type: 'wait', for: { days: 2, hours: 4 } },
    {
      key: 'days-done',
      name: 'How many days?',
      type: 'ask',
      text: 'A small midweek count: on how many of the last three days did you practise? 0 is an honest number too.',
      answer: { kind: 'number', min: 0, max: 3, integer: true },
      timeout: { after: { days: 2 }, goTo: 'missed-days' },
    },
    {
      key: 'enough-days',
      name: 'Enough days?',
      type: 'branch',
      cases: [{ when: { answer: 'days-done', gte: 2 }, goTo: 'steady' }],
      otherwise: 'missed-days',
    },
    {
      key: 'steady',
      name: 'Steady',
      type: 'message',
      text: 'That is a rhythm. You no longer decide it every day, and that is how a habit feels. Keep it just this small.',
      next: 'third-monday',
    },
    {
      key: 'missed-days',
      name: 'Missed days',
      type: 'message',
      text:
        'Days get missed, that is part of it. What counts is only the next one: ' +
        '{{traits.practice|three minutes of slow breathing}}, today or tomorrow, without catching up.',
    },

    // Week three: make it yours.
    { key: 'third-monday', name: 'Until the third Monday', type: 'wait', until: { weekday: 'monday', time: '08:00' } },
    {
      key: 'has-call',
      name: 'Is a call booked?',
      type: 'branch',
      cases: [{ when: { signal: 'call-booked.coach', exists: true }, goTo: 'prepare-call' }],
      otherwise: 'last-week',
    },
    {
      key: 'prepare-call',
      name: 'Prepare the call',
      type: 'message',
      text:
        'Your call with {{signals.call-booked.coach}} is coming up. {{signals.call-booked.minutes}} minutes pass quickly: ' +
        'bring one thing that went well, and one question.',
    },
    {
      key: 'last-week',
      name: 'Into the last week',
      type: 'message',
      text:
        'Good morning, and welcome to the third week. At the beginning you wished for ' +
        '“{{answers.intention|calmer days}}”. ' +
        'This week change one thing about the practice so that it becomes yours: the place, the hour, a piece of music.',
    },
    { key: 'last-friday', name: 'Until Friday evening', type: 'wait', until: { weekday: 'friday', time: '17:30' } },
    {
      key: 'calm-after',
      name: 'Calm at the end',
      type: 'ask',
      text: 'The same question as at the beginning: how calm have your last days been, from 1 (stormy) to 10 (still water)?',
      answer: { kind: 'number', min: 1, max: 10, integer: true },
      timeout: { after: { days: 2 }, goTo: 'quiet-goodbye' },
    },
    { key: 'three-weeks', name: 'Goal: three weeks', type: 'goal', goal: 'Three weeks' },
    {
      key: 'goodbye',
      name: 'Goodbye',
      type: 'message',
      text:
        'You said {{answers.calm-after}} today, and {{traits.calm_at_start|nothing yet}} when we began. Whatever the two ' +
        'numbers say, you kept three weeks free for yourself. Thank you for letting me come along, {{coachee.name|friend}}.',
    },
    { key: 'end', name: 'The end', type: 'finish' },
    {
      key: 'quiet-goodbye',
      name: 'Goodbye without an answer',
      type: 'message',
      text: 'Our three weeks are over. No answer is needed: take with you what was good, and leave the rest. All the best.',
      next: 'end',
    },
    {
      key: 'early-goodbye',
      name: 'Graduated early',
      type: 'message',
      text:
        '{{signals.graduated.coach|Your coach}} tells me that you do not need me any more, and that is the best news there is. ' +
        'Congratulations, {{coachee.name|friend}}.',
    },
    { key: 'early-end', name: 'The end, early', type: 'finish', outcome: 'graduated' },
  ],
};
