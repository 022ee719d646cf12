/**
 * Answers kept for Idempotency-Keys: the first request with a key claims it, keeps its answer, and every repeat gets that one.
 * A claim whose request died with its process is taken over after a while; the dead one's late answer is then refused.
 */
import type { EntityManager } from '@mikro-orm/postgresql';

/** After this long a request that has not answered counts as dead. */
export const TAKEOVER_SECONDS = 60;

export interface ClaimKey {
  /** Who asked and the header, hashed together. */
  key: string;
  /** Hash of what was asked. */
  fingerprint: string;
}

/** A claim that this request holds; `heldSince` tells it from one that took over later. */
export interface Claim extends ClaimKey {
  heldSince: string;
}

export type ClaimOutcome =
  | { kind: 'claimed'; claim: Claim }
  | { kind: 'answered'; status: number; response: string }
  | { kind: 'underWay' }
  /** The key came with another request before. */
  | { kind: 'otherRequest' };

interface Row {
  fingerprint: string;
  status: number | null;
  response: string | null;
  held_since: string;
  stale: boolean;
}

/** Claims a key for this request, or says what became of it before. `em` is bound to the creator that the keys belong to. */
export const claimKey = (em: EntityManager, creatorId: string, wanted: ClaimKey): Promise<ClaimOutcome> =>
  em.transactional(async (tx) => {
    const [mine] = await tx.execute<{ held_since: string }[]>(
      `insert into idempotent_requests (creator_id, key, fingerprint, created_at) values (?, ?, ?, clock_timestamp())
       on conflict do nothing returning created_at::text as held_since`,
      [creatorId, wanted.key, wanted.fingerprint],
    );
    if (mine) return { kind: 'claimed', claim: { ...wanted, heldSince: mine.held_since } };
    const [row] = await tx.execute<Row[]>(
      `select fingerprint, status, response, created_at::text as held_since,
         created_at < clock_timestamp() - make_interval(secs => ?) as stale
       from idempotent_requests where key = ? for update`,
      [TAKEOVER_SECONDS, wanted.key],
    );
    if (!row) return { kind: 'underWay' };
    if (row.fingerprint !== wanted.fingerprint) return { kind: 'otherRequest' };
    if (row.status !== null && row.response !== null) {
      return { kind: 'answered', status: row.status, response: row.response };
    }
    return row.stale ? takeOver(tx, wanted) : { kind: 'underWay' };
  });

const takeOver = async (tx: EntityManager, wanted: ClaimKey): Promise<ClaimOutcome> => {
  const [taken] = await tx.execute<{ held_since: string }[]>(
    `update idempotent_requests set created_at = clock_timestamp() where key = ? returning created_at::text as held_since`,
    [wanted.key],
  );
  return taken ? { kind: 'claimed', claim: { ...wanted, heldSince: taken.held_since } } : { kind: 'underWay' };
};

/** Keeps the answer of a claim. False: another request took the claim over, so this one must leave nothing behind. */
export const keepAnswer = async (
  em: EntityManager,
  claim: Claim,
  answer: { status: number; response: string },
): Promise<boolean> => {
  const kept = await em.execute<{ key: string }[]>(
    `update idempotent_requests set status = ?, response = ?
     where key = ? and created_at = ?::timestamptz and status is null returning key`,
    [answer.status, answer.response, claim.key, claim.heldSince],
  );
  return kept.length > 0;
};

/** Gives a claim back without an answer, so that the next request with the key is worked on anew. */
export const releaseClaim = async (em: EntityManager, claim: Claim): Promise<void> => {
  await em.execute('delete from idempotent_requests where key = ? and created_at = ?::timestamptz and status is null', [
    claim.key,
    claim.heldSince,
  ]);
};
