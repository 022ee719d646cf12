/** Reminders as messages in the ledger. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { formatLocal } from '../calendar/local-time.ts';
import { type AlertId, type ChannelId, newId } from '../contracts/ids.ts';
import { Alert, type ReminderFire, type ReminderRule } from '../db/entities/habits.ts';
import type { Coachee } from '../db/entities/journeys.ts';
import { weeklyDigest } from '../domain/habits/digest.ts';
import { type HabitStanding, soFarOf } from '../domain/habits/evaluate.ts';
import { renderText } from '../domain/journeys/templates.ts';
import { type ReminderLine, reminderMessage } from '../domain/reminders/message.ts';
import { planMessage } from './deliveries.ts';
import type { KeptHabit } from './habit-standing.ts';

const TEXT_MOST = 1000;

/** A fire with all that its message tells of. */
export interface ToldFire {
  fire: ReminderFire;
  rule: ReminderRule;
  /** Null: it is of no habit. */
  habit: { keptHabit: KeptHabit; standing: HabitStanding } | null;
}

/** Plans one message of those fires under `key`. */
export const planReminder = async (
  em: EntityManager,
  coachee: Coachee,
  told: ToldFire[],
  { key, nowMs, notBy }: { key: string; nowMs: number; notBy: ChannelId | null },
): Promise<void> => {
  const { text, buttons } = reminderMessage(told.map((one) => lineOf(one, coachee)));
  const { id: coacheeId, creatorId, isTest, timeZone } = coachee;
  const localTime = formatLocal(nowMs, timeZone);
  await planMessage(em, { key, creatorId, coacheeId, isTest, text, buttons, localTime, notBy });
};

const lineOf = ({ fire, rule, habit }: ToldFire, coachee: Coachee): ReminderLine => {
  const today = habit?.standing.days.find(({ date }) => date === fire.habitDay);
  const measure = habit?.keptHabit.habit.rules.measure;
  return {
    fireId: fire.id,
    habit: habit && measure ? { id: habit.keptHabit.habit.id, title: habit.keptHabit.habit.title, measure } : null,
    text: rule.text == null ? null : filledIn(rule.text, coachee),
    soFar: habit && today ? soFarOf(habit.keptHabit.habit.rules, today) : 0,
    snoozes: rule.options.snoozes,
  };
};

const filledIn = (template: string, { id, name, language = null, traits, tags }: Coachee): string => {
  const facts = { id, name, language, traits, tags, entitlements: [], checkIns: {} };
  return renderText(template, { facts, answers: {}, results: {}, signals: {} }, TEXT_MOST);
};

/** Plans the digest of the seven days before `today`; who keeps no habits gets none. */
export const planDigest = async (
  em: EntityManager,
  coachee: Coachee,
  habits: { keptHabit: KeptHabit; standing: HabitStanding; today: string }[],
  { key, nowMs }: { key: string; nowMs: number },
): Promise<void> => {
  const { id: coacheeId, creatorId, isTest, timeZone, name } = coachee;
  const week = habits.map(({ keptHabit: { habit }, standing: { days, streak, strength }, today }) => ({
    ...{ title: habit.title, streak, strength },
    days: days.filter(({ date }) => date < today).slice(-7),
  }));
  const text = weeklyDigest({ name, habits: week });
  if (text === '') return;
  await planMessage(em, {
    ...{ key, creatorId, coacheeId, isTest, text, buttons: [], localTime: formatLocal(nowMs, timeZone) },
  });
};

/** Tells the team that nobody answered; once for each key. */
export const raiseUnanswered = async (
  em: EntityManager,
  coachee: Coachee,
  told: ToldFire[],
  key: string,
): Promise<void> => {
  const what = told.map(({ rule, habit }) => habit?.keptHabit.habit.title ?? rule.text ?? 'a reminder').join(', ');
  const { id: coacheeId, creatorId, name } = coachee;
  await em
    .createQueryBuilder(Alert)
    .insert({
      ...{ id: newId<AlertId>(), creatorId, coacheeId, kind: 'reminderUnanswered', key, createdAt: new Date() },
      text: `${name} has not answered: ${what}.`,
    })
    .onConflict('key')
    .ignore()
    .execute();
};

/** How a key's occurrence is counted: by messages of the fire that gives it its name. */
export const stepKeyOf = ({ ruleId, date, time }: ReminderFire): string => `${ruleId}.${date}.${time.replace(':', '')}`;
