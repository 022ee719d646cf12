/** From rows to what the API shows of reminders and alerts. */
import type { z } from 'zod';
import type { alert, coacheeReminders, reminder, reminderFire } from '../../shared/contracts/reminder-rules.ts';
import type { Alert, ReminderRule } from '../../shared/db/entities/habits.ts';
import type { FireWithDelivery, UpcomingReminder } from '../../shared/services/coachee-reminders.ts';

export const presentReminder = (row: ReminderRule): z.input<typeof reminder> => ({
  id: row.id,
  habitId: row.habitId ?? null,
  coacheeId: row.coacheeId ?? null,
  kind: row.kind,
  text: row.text ?? null,
  rule: row.rule,
  escalation: row.options.escalation,
  snoozes: row.options.snoozes,
  dropAfterMinutes: row.options.dropAfterMinutes,
  stopWhenDone: row.options.stopWhenDone,
  revision: row.revision,
  createdAt: row.createdAt.toISOString(),
});

export const presentFire = ({ fire, delivery }: FireWithDelivery): z.input<typeof reminderFire> => ({
  id: fire.id,
  ruleId: fire.ruleId,
  habitId: fire.habitId ?? null,
  localDate: fire.date,
  localTime: fire.time,
  habitDay: fire.habitDay,
  status: fire.status,
  stage: fire.stage,
  reason: fire.reason ?? null,
  dueAt: fire.dueAt.toISOString(),
  nextAt: fire.nextAt?.toISOString() ?? null,
  delivery: delivery && { key: delivery.key, status: delivery.status, reason: delivery.reason ?? null },
});

export const presentUpcoming = ({
  pausedAt,
  next,
}: UpcomingReminder): Pick<z.input<typeof coacheeReminders>, 'pausedAt' | 'next'> => ({
  pausedAt: pausedAt?.toISOString() ?? null,
  next: next && {
    ruleId: next.ruleId,
    habitId: next.habitId,
    localDate: next.date,
    localTime: next.time,
    at: new Date(next.atMs).toISOString(),
  },
});

export const presentAlert = (row: Alert): z.input<typeof alert> => ({
  id: row.id,
  coacheeId: row.coacheeId,
  kind: row.kind,
  text: row.text,
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
  resolvedBy: row.resolvedBy ?? null,
  createdAt: row.createdAt.toISOString(),
});
