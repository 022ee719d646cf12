/** The audit trail: who changed or looked at what, where that must be answerable later. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CreatorId } from '../contracts/ids.ts';
import { newId } from '../contracts/ids.ts';
import { AuditEntry } from '../db/entities/accounts.ts';

export interface Audited {
  creatorId: CreatorId;
  /** `user/<id>`, `apiKey/<id>`. */
  actor: string;
  /** What was done: `apiKey.created`. */
  action: string;
  /** To what: `apiKey/<id>`. */
  subject: string;
  /** Facts without secrets. */
  detail?: Record<string, unknown>;
}

/** Writes one entry, in the transaction of what it tells of. */
export const audit = async (em: EntityManager, { detail = {}, ...entry }: Audited): Promise<void> => {
  await em.insert(AuditEntry, { id: newId(), ...entry, detail, createdAt: new Date() });
};
