/** Something to read, see or hear, with a button that says that it is done; the journey waits for that. */
import { z } from 'zod';
import { renderText } from '../templates.ts';
import { checkDefaultLabels, withoutTimeout } from './ask-check.ts';
import { MESSAGE_TEXT_MAX, media, mediaTitles, stepFields } from './fields.ts';
import { fold } from './fold.ts';
import { stepKind } from './kind.ts';
import { latePolicy } from './late.ts';
import { answeredOrNot, awaitAnswer, checkTimeout, timedOut, timeout } from './timeout.ts';
import { understandYesNo } from './yes-no.ts';

/** Leaves room for the title above it. */
const BODY_MAX = 3900;

const DEFAULT_LABEL = 'Done';

const schema = z.strictObject({
  type: z.literal('lesson'),
  ...stepFields,
  title: z.string().trim().min(1).max(120),
  text: z.string().min(1).max(BODY_MAX),
  media: media.optional(),
  doneLabel: z.string().min(1).max(64).default(DEFAULT_LABEL),
  timeout: timeout.optional(),
  late: latePolicy.default('send'),
});

type LessonStep = z.output<typeof schema>;

export const lesson = stepKind({
  schema,
  enter: (step, { known }) => ({
    move: 'ask',
    message: {
      text: renderText(`${step.title}\n\n${step.text}`, known, MESSAGE_TEXT_MAX),
      buttons: [{ label: step.doneLabel, value: 'done' }],
      ...(step.media && { media: step.media }),
    },
    misses: 0,
    late: step.late,
  }),
  on(step, event, { language }) {
    switch (event.type) {
      case 'delivered':
        return awaitAnswer(step, event, 'sent');
      case 'reply':
        if (event.chosen !== 'done' && !saysDone(step, event.text, language)) return null;
        return { move: 'goOn', changes: [{ answer: true }, { record: 'lessonDone' }] };
      case 'due':
        return timedOut(step);
      default:
        return null;
    }
  },
  exits: answeredOrNot,
  texts: (step) => [
    { path: ['title'], text: step.title, role: 'title' },
    { path: ['text'], text: step.text, role: 'body' },
    { path: ['doneLabel'], text: step.doneLabel, role: 'button' },
    ...mediaTitles(step.media),
  ],
  gives: () => 'answer',
  sends: ({ title, text, doneLabel, media: shown }) => ({
    ...{ text: `${title}\n\n${text}`, path: ['text'], media: shown, template: 'impossible' },
    buttons: [{ label: doneLabel, path: ['doneLabel'] }],
  }),
  check: (step, { language }) => [
    ...(step.doneLabel === DEFAULT_LABEL ? checkDefaultLabels(['doneLabel'], language) : []),
    ...(step.timeout ? checkTimeout(step) : [withoutTimeout]),
  ],
  replies: (step) => ({ fitting: step.doneLabel, unfitting: 'not just now' }),
});

/** The button's words or a yes. */
function saysDone({ doneLabel }: LessonStep, text: string, language: string): boolean {
  return fold(text) === 'done' || understandYesNo(text, language, { yes: doneLabel, no: '' }) === true;
}
