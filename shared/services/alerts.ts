/** What a person of the team should look at. */
import { type EntityManager, raw } from '@mikro-orm/postgresql';
import { z } from 'zod';
import type { Page } from '../contracts/http.ts';
import type { AlertId, UserId } from '../contracts/ids.ts';
import type { AlertQuery } from '../contracts/reminder-rules.ts';
import { Alert } from '../db/entities/habits.ts';
import { notFound } from '../errors.ts';
import { decodeCursor, toPage } from './paging.ts';

/** Whether the last one was resolved, and its id. */
const cursorShape = z.tuple([z.union([z.literal(0), z.literal(1)]), z.uuid()]);

/** A page of alerts: the open ones first, of each kind the newest first. */
export const listAlerts = async (
  em: EntityManager,
  { limit, cursor, status, coacheeId }: AlertQuery,
): Promise<Page<Alert>> => {
  const where = {
    ...(coacheeId && { coacheeId }),
    $and: [...(status ? [{ resolvedAt: status === 'open' ? null : { $ne: null } }] : []), ...after(cursor)],
  };
  const orderBy = { [raw('(resolved_at is not null)')]: 'asc', id: 'desc' } as const;
  const alerts = await em.find(Alert, where, { orderBy, limit: limit + 1 });
  return toPage(alerts, limit, ({ resolvedAt, id }) => [resolvedAt ? 1 : 0, id]);
};

const after = (cursor: string | undefined) => {
  if (cursor === undefined) return [];
  const [resolved, before] = decodeCursor(cursor, cursorShape);
  const id = { $lt: before as AlertId };
  if (resolved === 1) return [{ resolvedAt: { $ne: null }, id }];
  return [{ $or: [{ resolvedAt: null, id }, { resolvedAt: { $ne: null } }] }];
};

/** The first who resolves it is named. Throws CairnError `notFound`. */
export const resolveAlert = async (em: EntityManager, id: AlertId, resolvedBy: UserId | null): Promise<Alert> => {
  const alert = await em.findOne(Alert, { id });
  if (!alert) throw notFound('alert');
  if (!alert.resolvedAt) Object.assign(alert, { resolvedAt: new Date(), resolvedBy });
  await em.flush();
  return alert;
};
