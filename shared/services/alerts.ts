/** What a person of the team should look at. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { Page } from '../contracts/http.ts';
import type { AlertId, UserId } from '../contracts/ids.ts';
import type { AlertQuery } from '../contracts/reminder-rules.ts';
import { Alert } from '../db/entities/habits.ts';
import { notFound } from '../errors.ts';
import { decodeCursor, toPage } from './paging.ts';

/** When the last one was resolved, empty for an open one, and its id. */
const cursorShape = z.tuple([z.union([z.iso.datetime(), z.literal('')]), z.uuid()]);

/** A page of alerts: the open ones first, the newest before the others, then those that were resolved, the latest first. */
export const listAlerts = async (
  em: EntityManager,
  { limit, cursor, status, coacheeId }: AlertQuery,
): Promise<Page<Alert>> => {
  const conditions = [
    ...(coacheeId ? [{ coacheeId }] : []),
    ...(status ? [{ resolvedAt: status === 'open' ? null : { $ne: null } }] : []),
    ...after(cursor),
  ];
  const where = conditions.length > 0 ? { $and: conditions } : {};
  const orderBy = { resolvedAt: 'desc nulls first', id: 'desc' } as const;
  const alerts = await em.find(Alert, where, { orderBy, limit: limit + 1 });
  return toPage(alerts, limit, ({ resolvedAt, id }) => [resolvedAt?.toISOString() ?? '', id]);
};

const after = (cursor: string | undefined) => {
  if (cursor === undefined) return [];
  const [resolved, before] = decodeCursor(cursor, cursorShape);
  const id = { $lt: before as AlertId };
  if (resolved === '') return [{ $or: [{ resolvedAt: null, id }, { resolvedAt: { $ne: null } }] }];
  const resolvedAt = new Date(resolved);
  return [{ $or: [{ resolvedAt: { $lt: resolvedAt } }, { resolvedAt, id }] }];
};

/** The first who resolves it is named. Throws CairnError `notFound`. */
export const resolveAlert = async (em: EntityManager, id: AlertId, resolvedBy: UserId | null): Promise<Alert> => {
  const alert = await em.findOne(Alert, { id });
  if (!alert) throw notFound('alert');
  if (!alert.resolvedAt) Object.assign(alert, { resolvedAt: new Date(), resolvedBy });
  await em.flush();
  return alert;
};
