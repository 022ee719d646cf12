/** Rules of reminders, and how a creator has reminders spread and joined. */
import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Page } from '../contracts/http.ts';
import { type CoacheeId, type CreatorId, type HabitId, newId, type ReminderRuleId } from '../contracts/ids.ts';
import type { ChangeReminderRequest, CreateReminderRequest, ReminderQuery } from '../contracts/reminder-rules.ts';
import { Creator } from '../db/entities/accounts.ts';
import { ReminderRule } from '../db/entities/habits.ts';
import { DEFAULT_REMINDER_SETTINGS, type ReminderSettings } from '../domain/reminders/fires.ts';
import { invalid, notFound } from '../errors.ts';
import { getCoachee } from './coachees.ts';
import { getHabit } from './habits.ts';
import { idAfter, toPage } from './paging.ts';
import { noteSchedule, noteSchedulesOfHabit, TOLD_AT_ONCE } from './reminder-schedules.ts';

export interface ChangedReminder {
  rule: ReminderRule;
  /** Some of those whom it concerns, whose reminders are to be told once it is committed; the reconcile tells the others. */
  concerned: CoacheeId[];
}

/** Makes a rule; call inside a transaction. Throws CairnError `notFound` where there is no such habit or coachee. */
export const createReminder = async (
  em: EntityManager,
  creatorId: CreatorId,
  { habitId, coacheeId, kind, text, rule: when, ...options }: CreateReminderRequest,
): Promise<ChangedReminder> => {
  if (habitId) await getHabit(em, habitId);
  if (coacheeId) await getCoachee(em, coacheeId);
  const rule = em.create(ReminderRule, {
    ...{ id: newId<ReminderRuleId>(), creatorId, habitId: habitId ?? null, coacheeId: coacheeId ?? null },
    ...{ kind, text: text ?? null, rule: when, options, revision: 1, createdAt: new Date() },
  });
  await em.flush();
  return { rule, concerned: await noteConcerned(em, rule) };
};

/** A page of rules that hold, the newest first. */
export const listReminders = async (
  em: EntityManager,
  { limit, cursor, habitId, coacheeId, kind }: ReminderQuery,
): Promise<Page<ReminderRule>> => {
  const before = idAfter<ReminderRuleId>(cursor);
  const where = {
    archivedAt: null,
    ...(before && { id: { $lt: before } }),
    ...(habitId && { habitId }),
    ...(coacheeId && { coacheeId }),
    ...(kind && { kind }),
  };
  const rules = await em.find(ReminderRule, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
  return toPage(rules, limit, ({ id }) => [id]);
};

/** Throws CairnError `notFound`, also where it was deleted. */
export const getReminder = async (em: EntityManager, id: ReminderRuleId): Promise<ReminderRule> => {
  const rule = await em.findOne(ReminderRule, { id, archivedAt: null });
  if (!rule) throw notFound('reminder');
  return rule;
};

/** Changes what is given; call inside a transaction. Throws CairnError `notFound`, and `invalid` for a text of a digest. */
export const changeReminder = async (
  em: EntityManager,
  id: ReminderRuleId,
  { text, rule: when, ...options }: ChangeReminderRequest,
): Promise<ChangedReminder> => {
  const rule = await getReminder(em, id);
  if (typeof text === 'string' && rule.kind === 'digest') {
    throw invalid('Some fields do not fit.', [{ path: 'text', message: 'a digest says its own' }]);
  }
  if (when !== undefined && !isDeepStrictEqual(when, rule.rule)) {
    Object.assign(rule, { rule: when, revision: rule.revision + 1 });
  }
  if (text !== undefined) rule.text = text;
  rule.options = { ...rule.options, ...given(options) };
  await em.flush();
  return { rule, concerned: await noteConcerned(em, rule) };
};

/** Takes it away; what it has sent is kept. Call inside a transaction. Throws CairnError `notFound`. */
export const deleteReminder = async (em: EntityManager, id: ReminderRuleId): Promise<ChangedReminder> => {
  const rule = await getReminder(em, id);
  rule.archivedAt = new Date();
  await em.flush();
  return { rule, concerned: await noteConcerned(em, rule) };
};

const noteConcerned = async (em: EntityManager, rule: ReminderRule): Promise<CoacheeId[]> => {
  const { creatorId, habitId } = rule;
  const coacheeId = (rule.coacheeId ?? null) as CoacheeId | null;
  if (coacheeId === null) return noteSchedulesOfHabit(em, habitId as HabitId, TOLD_AT_ONCE);
  await noteSchedule(em, creatorId, coacheeId);
  return [coacheeId];
};

const given = <Values extends object>(values: Values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

export const getReminderSettings = async (em: EntityManager, creatorId: CreatorId): Promise<ReminderSettings> => {
  const creator = await em.findOneOrFail(Creator, { id: creatorId });
  return creator.reminderSettings ?? DEFAULT_REMINDER_SETTINGS;
};

/** They hold from each coachee's next look on. */
export const setReminderSettings = async (
  em: EntityManager,
  creatorId: CreatorId,
  settings: ReminderSettings,
): Promise<void> => {
  await em.nativeUpdate(Creator, { id: creatorId }, { reminderSettings: settings });
};
