/** Holds the fires of a herd, the ledger and what Telegram has against each other. */
import type { DeliveryStatus } from '../../shared/domain/channels/deliveries.ts';
import type { FireStatus } from '../../shared/domain/reminders/fires.ts';
import type { HerdMember } from '../support/herd.ts';
import type { GivenTelegram } from '../support/telegram.ts';

/** A fire with its place in the ledger, if it has one, and how many copies of its message the coachee got. */
export interface FireVerdict {
  coacheeId: string;
  chat: number;
  status: FireStatus;
  reason: string | null;
  /** Unix milliseconds, as all instants here. */
  dueAtMs: number;
  createdAtMs: number;
  delivery: DeliveryStatus | null;
  reservedAtMs: number | null;
  settledAtMs: number | null;
  copies: number;
}

/** Every fire of these creators' coachees. */
export const firesAtTelegram = async (owners: GivenTelegram[]): Promise<FireVerdict[]> =>
  (await Promise.all(owners.map(firesOf))).flat();

const inMs = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

const firesOf = async ({ em, bot }: GivenTelegram): Promise<FireVerdict[]> => {
  const rows = await em().execute<Omit<FireVerdict, 'copies'>[]>(
    `select f.coachee_id as "coacheeId", i.address::int as chat, f.status, f.reason, d.status as delivery,
       ${inMs('f.due_at')} as "dueAtMs", ${inMs('f.created_at')} as "createdAtMs",
       ${inMs('d.reserved_at')} as "reservedAtMs", ${inMs('d.settled_at')} as "settledAtMs"
     from reminder_fires f join identities i on i.coachee_id = f.coachee_id left join deliveries d on d.key = f.delivery_key`,
  );
  const copies = new Map((await bot.arrivals()).map(([chat, at]) => [chat, at.length]));
  return rows.map((row) => ({ ...row, copies: copies.get(row.chat) ?? 0 }));
};

/** Whether nothing is left to be done for it. */
export const isSettled = ({ status, delivery }: FireVerdict): boolean =>
  status !== 'waiting' && (delivery === null || delivery === 'sent' || delivery === 'ambiguous');

/** In words, one per thing that is wrong. `killedAtMs`: every kill; only what one of them interrupted may be ambiguous. */
export const faultsOf = (herd: HerdMember[], fires: FireVerdict[], killedAtMs: number[]): string[] => {
  const byCoachee = Map.groupBy(fires, ({ coacheeId }) => coacheeId);
  return herd.flatMap(({ coacheeId }) => {
    const [fire, ...more] = byCoachee.get(coacheeId) ?? [];
    if (!fire) return [`${coacheeId} has no fire`];
    if (more.length > 0) return [`${coacheeId} has ${1 + more.length} fires`];
    return isAsItMayBe(fire, killedAtMs) ? [] : [`${coacheeId} has ${JSON.stringify(fire)}`];
  });
};

const isAsItMayBe = (fire: FireVerdict, killedAtMs: number[]): boolean => {
  if (fire.status === 'dropped') return fire.delivery === null && fire.copies === 0 && isLate(fire);
  if (fire.status !== 'open') return false;
  if (fire.delivery === 'sent') return fire.copies === 1;
  return fire.delivery === 'ambiguous' && fire.copies <= 1 && wasInterrupted(fire, killedAtMs);
};

const isLate = ({ reason, dueAtMs, createdAtMs }: FireVerdict): boolean =>
  /^It would have been \d+ minutes late\.$/.test(reason ?? '') && createdAtMs > dueAtMs;

const wasInterrupted = ({ reservedAtMs, settledAtMs }: FireVerdict, killedAtMs: number[]): boolean =>
  killedAtMs.some(
    (atMs) => reservedAtMs !== null && settledAtMs !== null && reservedAtMs <= atMs && atMs <= settledAtMs,
  );
