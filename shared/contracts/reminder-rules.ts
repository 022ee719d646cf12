/** Reminders over HTTP: rules, a creator's settings, what became of them for a coachee, and what the team is told. */
import { z } from 'zod';
import { timeOfDay } from '../domain/journeys/steps/fields.ts';
import { FIRE_STATUSES } from '../domain/reminders/fires.ts';
import { instant, pageOf, pageQuery } from './http.ts';
import { alertId, coacheeId, habitId, reminderFireId, reminderRuleId, userId } from './ids.ts';
import { reminderRule } from './reminders.ts';

const DAY_MINUTES = 1440;

const escalation = z
  .array(
    z.strictObject({
      afterMinutes: z.int().min(1).max(DAY_MINUTES).meta({ description: 'Minutes after the message before' }),
      via: z.enum(['again', 'otherChannel', 'coach']).meta({
        description: '`otherChannel`: by another channel, if there is one; `coach`: the team is told (GET /v1/alerts)',
      }),
    }),
  )
  .max(5)
  .meta({
    description: 'While nobody answers, in this order',
    example: [
      { afterMinutes: 120, via: 'again' },
      { afterMinutes: 120, via: 'otherChannel' },
      { afterMinutes: 240, via: 'coach' },
    ],
  });
const snoozes = z
  .array(
    z.union([
      z.strictObject({ minutes: z.int().min(1).max(DAY_MINUTES) }),
      z.strictObject({ time: timeOfDay.meta({ description: 'Local time' }) }),
    ]),
  )
  .max(2)
  .meta({ description: 'Choices to be reminded later', example: [{ minutes: 30 }, { time: '20:00' }] });
const text = z.string().trim().min(1).max(1000).meta({
  description: 'With variables of the coachee, as in programs; without a text it names the habit',
  example: 'A glass of water, {{coachee.name}}?',
});
const dropAfterMinutes = z
  .int()
  .min(1)
  .max(DAY_MINUTES)
  .meta({ description: 'One that is later than this, because of an outage or another time zone, is not sent' });
const stopWhenDone = z.boolean().meta({ description: 'Not sent, or not again, once the habit is done for the day' });
const kind = z.enum(['reminder', 'digest']).meta({ description: '`digest`: the week’s figures in place of a text' });

export const createReminderRequest = z
  .strictObject({
    habitId: habitId.optional().meta({ description: 'Alone: for everyone who keeps it' }),
    coacheeId: coacheeId.optional(),
    kind: kind.default('reminder'),
    text: text.optional(),
    rule: reminderRule,
    escalation: escalation.default([]),
    snoozes: snoozes.default([{ minutes: 30 }]),
    dropAfterMinutes: dropAfterMinutes.default(180),
    stopWhenDone: stopWhenDone.default(true),
  })
  .refine((given) => given.habitId !== undefined || given.coacheeId !== undefined, {
    path: ['habitId'],
    message: 'habitId, coacheeId or both',
  })
  .refine((given) => given.kind === 'reminder' || given.text === undefined, {
    path: ['text'],
    message: 'a digest says its own',
  })
  .meta({ id: 'CreateReminderRequest' });

export const changeReminderRequest = z
  .strictObject({
    text: text.nullable().optional(),
    rule: reminderRule.optional().meta({ description: 'What was due by the one before is not owed any more' }),
    escalation: escalation.optional(),
    snoozes: snoozes.optional(),
    dropAfterMinutes: dropAfterMinutes.optional(),
    stopWhenDone: stopWhenDone.optional(),
  })
  .meta({ id: 'ChangeReminderRequest' });

export const reminder = z
  .object({
    id: reminderRuleId,
    habitId: habitId.nullable(),
    coacheeId: coacheeId.nullable(),
    kind,
    text: z.string().nullable(),
    rule: reminderRule,
    escalation,
    snoozes,
    dropAfterMinutes: z.int(),
    stopWhenDone: z.boolean(),
    revision: z.int().meta({ description: 'Counts changes of `rule`' }),
    createdAt: instant,
  })
  .meta({ id: 'Reminder' });
export const reminderPage = pageOf('Reminder', reminder);
export const reminderQuery = pageQuery.extend({
  habitId: habitId.optional(),
  coacheeId: coacheeId.optional(),
  kind: kind.optional(),
});

export const reminderSettings = z
  .strictObject({
    jitterMinutes: z.int().min(0).max(120).meta({
      description:
        'What is due for many at one time is spread over so many minutes, each coachee always at the same place',
      example: 15,
    }),
    mergeMinutes: z.int().min(0).max(60).meta({
      description: 'What is due for a coachee within so many minutes comes as one message',
      example: 5,
    }),
  })
  .meta({ id: 'ReminderSettings' });

const localSlot = { localDate: z.iso.date(), localTime: timeOfDay };

export const reminderFire = z
  .object({
    id: reminderFireId,
    ruleId: reminderRuleId,
    habitId: habitId.nullable(),
    ...localSlot,
    habitDay: z.iso.date(),
    status: z.enum(FIRE_STATUSES),
    stage: z.int().meta({ description: 'Messages so far' }),
    reason: z.string().nullable().meta({ description: 'Why it was dropped or waits' }),
    dueAt: instant,
    nextAt: instant.nullable().meta({ description: 'When its next message is due' }),
    delivery: z
      .object({ key: z.string(), status: z.string(), reason: z.string().nullable() })
      .nullable()
      .meta({ description: 'Of its latest message; reminders that were joined share one' }),
  })
  .meta({ id: 'ReminderFire' });

export const coacheeReminders = pageOf('ReminderFire', reminderFire)
  .extend({
    pausedAt: instant.nullable(),
    next: z
      .object({ ruleId: reminderRuleId, habitId: habitId.nullable(), ...localSlot, at: instant })
      .nullable()
      .meta({ description: 'The next slot that is due; null: none is' }),
  })
  .meta({ id: 'CoacheeReminders' });

export const reminderPause = z.object({ pausedAt: instant.nullable() }).meta({ id: 'ReminderPause' });

export const alert = z
  .object({
    id: alertId,
    coacheeId,
    kind: z.enum(['reminderUnanswered']),
    text: z.string(),
    resolvedAt: instant.nullable(),
    resolvedBy: userId.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Alert' });
export const alertPage = pageOf('Alert', alert);
export const alertQuery = pageQuery.extend({
  status: z.enum(['open', 'resolved']).optional(),
  coacheeId: coacheeId.optional(),
});

export type CreateReminderRequest = z.output<typeof createReminderRequest>;
export type ChangeReminderRequest = z.output<typeof changeReminderRequest>;
export type ReminderQuery = z.output<typeof reminderQuery>;
export type AlertQuery = z.output<typeof alertQuery>;
