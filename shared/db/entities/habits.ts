/** Habits, who keeps them, what became of each day, and the reminders of them. Dates are local ones (`2026-03-02`). */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type {
  AlertId,
  CoacheeHabitId,
  EnrollmentId,
  HabitId,
  ReminderFireId,
  ReminderRuleId,
  UserId,
  VacationId,
} from '../../contracts/ids.ts';
import type { DayStatus } from '../../domain/habits/evaluate.ts';
import type { HabitRules } from '../../domain/habits/rules.ts';
import type { FireStatus, ReminderOptions, RuleCursor } from '../../domain/reminders/fires.ts';
import type { ReminderRule as Rule } from '../../domain/reminders/rule.ts';
import { Coachee } from './journeys.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

const coacheeColumn = () => p.manyToOne(Coachee).mapToPk().fieldName('coachee_id').deleteRule('cascade');

/** What a creator asks people to keep up. */
export const Habit = defineEntity({
  name: 'Habit',
  tableName: 'habits',
  properties: {
    id: p.uuid().$type<HabitId>().primary(),
    creatorId: creatorColumn(),
    /** What programs call it. */
    name: p.text(),
    /** What people read. */
    title: p.text(),
    rules: p.json().$type<HabitRules>(),
    archivedAt: p.datetime().fieldName('archived_at').nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'habits_name', properties: ['creatorId', 'name'] }],
  policies: tenantPolicy('habits'),
});
export type Habit = InferEntity<typeof Habit>;

/** A habit that a coachee keeps, with where they stand: a projection of their days. */
export const CoacheeHabit = defineEntity({
  name: 'CoacheeHabit',
  tableName: 'coachee_habits',
  properties: {
    id: p.uuid().$type<CoacheeHabitId>().primary(),
    creatorId: creatorColumn(),
    coacheeId: coacheeColumn(),
    habitId: () => p.manyToOne(Habit).mapToPk().fieldName('habit_id').deleteRule('cascade'),
    /** The journey that gave it to them, if one did. */
    enrollmentId: p.uuid().$type<EnrollmentId>().fieldName('enrollment_id').nullable(),
    startDate: p.text().fieldName('start_date'),
    /** The last day of it; null goes on. */
    endDate: p.text().fieldName('end_date').nullable(),
    streak: p.integer().default(0),
    longestStreak: p.integer().fieldName('longest_streak').default(0),
    /** 0 to 1. */
    strength: p.double().default(0),
    freezesLeft: p.integer().fieldName('freezes_left').default(0),
    /** The last day that is over and was written down; null before the first. */
    closedTo: p.text().fieldName('closed_to').nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'coachee_habits_once', properties: ['coacheeId', 'habitId'] }],
  indexes: [{ name: 'coachee_habits_habit', properties: ['habitId', 'id'] }],
  policies: tenantPolicy('coachee_habits'),
});
export type CoacheeHabit = InferEntity<typeof CoacheeHabit>;

/** What became of a coachee's day with a habit: a projection of check-ins and reminders. */
export const HabitDay = defineEntity({
  name: 'HabitDay',
  tableName: 'habit_days',
  properties: {
    coacheeId: coacheeColumn().primary(),
    habitId: () => p.manyToOne(Habit).mapToPk().fieldName('habit_id').deleteRule('cascade').primary(),
    date: p.text().primary(),
    creatorId: creatorColumn(),
    status: p.text().$type<DayStatus>(),
    /** 0 to 1 of what the day asks for. */
    progress: p.double(),
    amount: p.double(),
  },
  indexes: [{ name: 'habit_days_date', properties: ['creatorId', 'date'] }],
  policies: tenantPolicy('habit_days'),
});
export type HabitDay = InferEntity<typeof HabitDay>;

/** Days on which a coachee is away: nothing is asked and nothing is missed. */
export const Vacation = defineEntity({
  name: 'Vacation',
  tableName: 'vacations',
  properties: {
    id: p.uuid().$type<VacationId>().primary(),
    creatorId: creatorColumn(),
    coacheeId: coacheeColumn(),
    /** First and last day, both included. */
    fromDate: p.text().fieldName('from_date'),
    toDate: p.text().fieldName('to_date'),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'vacations_coachee', properties: ['coacheeId'] }],
  policies: tenantPolicy('vacations'),
});
export type Vacation = InferEntity<typeof Vacation>;

/** For everyone who keeps a habit, for one coachee, or for one coachee's habit. */
export const ReminderRule = defineEntity({
  name: 'ReminderRule',
  tableName: 'reminder_rules',
  properties: {
    id: p.uuid().$type<ReminderRuleId>().primary(),
    creatorId: creatorColumn(),
    habitId: () => p.manyToOne(Habit).mapToPk().fieldName('habit_id').deleteRule('cascade').nullable(),
    coacheeId: () => p.manyToOne(Coachee).mapToPk().fieldName('coachee_id').deleteRule('cascade').nullable(),
    /** `digest`: the week's figures in place of a text. */
    kind: p.text().$type<'reminder' | 'digest'>(),
    /** What it says; null says what the habit is called. */
    text: p.text().nullable(),
    rule: p.json().$type<Rule>(),
    options: p.json().$type<ReminderOptions>(),
    /** Counts changes of `rule`: what was due by an older one is not owed any more. */
    revision: p.integer().default(1),
    archivedAt: p.datetime().fieldName('archived_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    { name: 'reminder_rules_creator', properties: ['creatorId', 'id'] },
    { name: 'reminder_rules_habit', properties: ['habitId'] },
    { name: 'reminder_rules_coachee', properties: ['coacheeId'] },
  ],
  policies: tenantPolicy('reminder_rules'),
});
export type ReminderRule = InferEntity<typeof ReminderRule>;

/** One slot of a rule for one coachee and what became of it: no slot has two, and none that was owed has none. */
export const ReminderFire = defineEntity({
  name: 'ReminderFire',
  tableName: 'reminder_fires',
  properties: {
    id: p.uuid().$type<ReminderFireId>().primary(),
    creatorId: creatorColumn(),
    coacheeId: coacheeColumn(),
    ruleId: () => p.manyToOne(ReminderRule).mapToPk().fieldName('rule_id').deleteRule('cascade'),
    habitId: () => p.manyToOne(Habit).mapToPk().fieldName('habit_id').deleteRule('cascade').nullable(),
    /** The rule's own slot: local date and time. */
    date: p.text(),
    time: p.text(),
    /** The habit's day that it belongs to: the date, or the one before where the day starts later than midnight. */
    habitDay: p.text().fieldName('habit_day'),
    status: p.text().$type<FireStatus>(),
    /** Messages so far, the first included. */
    stage: p.integer().default(0),
    /** When the slot was, as an instant in the zone of then. */
    dueAt: p.datetime().fieldName('due_at'),
    /** When its next message is due; null: none is. */
    nextAt: p.datetime().fieldName('next_at').nullable(),
    /** The coachee put it off themselves: it is never too late then. */
    snoozed: p.boolean().default(false),
    /** Its date does not exist in the coachee's zone. */
    isAbsent: p.boolean().fieldName('is_absent').default(false),
    /** A message of it certainly went out, its latest aside, of which the ledger knows. */
    proven: p.boolean().default(false),
    /** The ledger's key of its latest message; fires that were joined share one. */
    deliveryKey: p.text().fieldName('delivery_key').nullable(),
    /** Why it was dropped or waits, in plain words. */
    reason: p.text().nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'reminder_fires_slot', properties: ['coacheeId', 'ruleId', 'date', 'time'] }],
  indexes: [
    { name: 'reminder_fires_day', properties: ['coacheeId', 'habitId', 'habitDay'] },
    { name: 'reminder_fires_key', properties: ['deliveryKey'] },
    {
      name: 'reminder_fires_open',
      expression: "create index reminder_fires_open on reminder_fires (coachee_id) where status in ('waiting', 'open')",
    },
  ],
  policies: tenantPolicy('reminder_fires'),
});
export type ReminderFire = InferEntity<typeof ReminderFire>;

/** Where a coachee's reminders stand: the row behind the workflow `reminders/<coacheeId>`. */
export const ReminderSchedule = defineEntity({
  name: 'ReminderSchedule',
  tableName: 'reminder_schedules',
  properties: {
    coacheeId: coacheeColumn().primary(),
    creatorId: creatorColumn(),
    /** By rule id: which slots are owed and which are settled. */
    cursors: p.json().$type<Record<string, RuleCursor>>(),
    /** When the run has something to do next; null: nothing is left. */
    nextAt: p.datetime().fieldName('next_at').nullable(),
    /** Set when something was changed, until the run has looked again. */
    nudgedAt: p.datetime().fieldName('nudged_at').nullable(),
    /** The coachee asked for silence. */
    pausedAt: p.datetime().fieldName('paused_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [
    {
      name: 'reminder_schedules_nudged',
      expression:
        'create index reminder_schedules_nudged on reminder_schedules (nudged_at) where nudged_at is not null',
    },
    {
      name: 'reminder_schedules_next',
      expression: 'create index reminder_schedules_next on reminder_schedules (next_at) where next_at is not null',
    },
  ],
  policies: tenantPolicy('reminder_schedules'),
});
export type ReminderSchedule = InferEntity<typeof ReminderSchedule>;

/** Something that happened to a coachee on a local date, for reminders that count from it. */
export const ReminderAnchor = defineEntity({
  name: 'ReminderAnchor',
  tableName: 'reminder_anchors',
  properties: {
    coacheeId: coacheeColumn().primary(),
    /** The integrator's event; the same one twice is one. */
    eventId: p.text().fieldName('event_id').primary(),
    creatorId: creatorColumn(),
    event: p.text(),
    date: p.text(),
    createdAt: createdAt(),
  },
  policies: tenantPolicy('reminder_anchors'),
});
export type ReminderAnchor = InferEntity<typeof ReminderAnchor>;

/** Something that a person of the team should look at. */
export const Alert = defineEntity({
  name: 'Alert',
  tableName: 'alerts',
  properties: {
    id: p.uuid().$type<AlertId>().primary(),
    creatorId: creatorColumn(),
    coacheeId: coacheeColumn(),
    kind: p.text().$type<'reminderUnanswered'>(),
    /** What raised it; the same cause raises it once. */
    key: p.text(),
    /** In plain words. */
    text: p.text(),
    resolvedAt: p.datetime().fieldName('resolved_at').nullable(),
    resolvedBy: p.uuid().$type<UserId>().fieldName('resolved_by').nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'alerts_key', properties: ['key'] }],
  indexes: [{ name: 'alerts_creator', properties: ['creatorId', 'id'] }],
  policies: tenantPolicy('alerts'),
});
export type Alert = InferEntity<typeof Alert>;
