/** Rules of reminders over HTTP, and what they come to. */
import { z } from 'zod';
import { timeOfDay } from '../domain/journeys/steps/fields.ts';
import { checkRrule } from '../domain/reminders/rrule.ts';
import { WEEKDAY_CODES } from '../domain/reminders/rule.ts';
import { timeZone } from './journeys.ts';
import { signalName } from './program-definition.ts';

const TIMES_MAX = 24;
const RRULE_MAX = 500;
/** Ten years either way. */
const DAYS_MAX = 3660;
/** What lies outside is a slip of the pen, and a recurrence would have to be counted from there. */
const RULE_YEARS = [1900, 2199] as const;
/** As far back as time zones are known. */
const PREVIEW_YEARS = [1800, 2199] as const;

const within = ([first, last]: readonly [number, number]) =>
  [
    (text: string) => Number(text.slice(0, 4)) >= first && Number(text.slice(0, 4)) <= last,
    `a date from ${first} to ${last}`,
  ] as const;

const isUnique = (values: string[]): boolean => new Set(values).size === values.length;
export const localDate = z.iso.date('a date of the calendar as YYYY-MM-DD').refine(...within(RULE_YEARS));
const days = z.int().min(-DAYS_MAX).max(DAYS_MAX);

const rrule = z
  .string()
  .trim()
  .min(1)
  .max(RRULE_MAX)
  .superRefine((text, context) => {
    const message = checkRrule(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  })
  .meta({
    description:
      'RFC 5545: which dates; `times` say the hour. INTERVAL and COUNT count from `startDate`. UNTIL is read by its date',
    example: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
  });

const ruleFields = z.strictObject({
  times: z
    .array(timeOfDay)
    .min(1)
    .max(TIMES_MAX)
    .refine(isUnique, 'each time once')
    .transform((times) => times.toSorted())
    .meta({ description: 'Local times', example: ['08:30'] }),
  days: z
    .array(z.enum(WEEKDAY_CODES))
    .min(1)
    .refine(isUnique, 'each weekday once')
    .optional()
    .meta({ description: 'Only on these weekdays' }),
  rrule: rrule.optional(),
  startDate: localDate.optional().meta({ description: 'The first date that may be', example: '2026-03-02' }),
  endDate: localDate.optional().meta({ description: 'The last date that may be', example: '2026-12-31' }),
  date: z
    .strictObject({
      on: localDate,
      plusDays: days.optional().meta({ description: 'Later, or where negative earlier' }),
    })
    .optional()
    .meta({ description: 'One date' }),
  after: z
    .strictObject({ event: signalName, days: days.optional() })
    .optional()
    .meta({ description: 'So many days after an event, or where negative before it' }),
});

const EXAMPLE = { times: ['08:30'], days: ['MO', 'WE', 'FR'] };

/** Without rrule, date and after: every day. */
export const reminderRule = ruleFields
  .superRefine(({ rrule: chosen, date, after, startDate, endDate }, context) => {
    const given = Object.entries({ rrule: chosen, date, after }).filter(([, value]) => value !== undefined);
    for (const [name] of given.slice(1)) {
      const message = 'only one of rrule, date and after says which dates';
      context.addIssue({ code: 'custom', path: [name], message });
    }
    if (startDate !== undefined && endDate !== undefined && endDate < startDate) {
      context.addIssue({ code: 'custom', path: ['endDate'], message: 'is before startDate' });
    }
  })
  .meta({ id: 'ReminderRule', example: EXAMPLE });

const MOMENT = 'an instant such as 2026-03-29T01:30:00Z, or a local date or date-time such as 2026-03-29T08:00';
const moment = z
  .union([
    z.iso.datetime({ offset: true, local: true, error: MOMENT }),
    z.iso.datetime({ offset: true, local: true, precision: -1, error: MOMENT }),
    z.iso.date(MOMENT),
  ])
  .refine(...within(PREVIEW_YEARS))
  .meta({
    description: 'An instant (ISO 8601 with an offset or Z), or a date or date-time on the clocks of `timezone`',
    example: '2026-03-02',
  });

/** POST /v1/reminders/preview */
export const reminderPreviewRequest = z
  .strictObject({
    rule: reminderRule
      .refine(({ after }) => after === undefined, {
        path: ['after'],
        message: 'nobody knows yet when the event will be: preview the rule with `date` in its place',
      })
      .meta({ example: EXAMPLE }),
    timezone: timeZone,
    from: moment,
    count: z.int().min(1).max(1000).meta({ description: 'Fires at most', example: 10 }),
  })
  .meta({ id: 'ReminderPreviewRequest' });

export const reminderPreview = z
  .object({
    fires: z
      .array(
        z.object({
          localDate: z.iso.date(),
          localTime: timeOfDay,
          instant: z.iso.datetime().meta({ description: 'ISO 8601, UTC', example: '2026-03-02T07:30:00.000Z' }),
          resolved: z
            .enum(['gap', 'overlap', 'absent'])
            .nullable()
            .meta({
              description:
                '`gap`: clocks skip the slot, it fires so much later; `overlap`: they show it twice, it fires the first time; ' +
                '`absent`: they skip the whole date, nothing is sent',
            }),
        }),
      )
      .meta({ description: 'By instant; fewer than `count` where the rule ends, or has no more within 100 years' }),
  })
  .meta({ id: 'ReminderPreview' });
