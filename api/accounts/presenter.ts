/** From rows to what the API shows of them. */
import type { z } from 'zod';
import type { apiKey, member } from '../../shared/contracts/accounts.ts';
import type { ApiKey } from '../../shared/db/entities/accounts.ts';
import type { MemberRow } from '../../shared/services/members.ts';

export const presentMember = ({ member: row, user }: MemberRow): z.input<typeof member> => ({
  userId: row.userId,
  name: user.name,
  email: user.email,
  role: row.role,
  invited: user.oneTimeUntil !== null && user.oneTimeUntil !== undefined,
  since: row.createdAt.toISOString(),
});

export const presentApiKey = (key: ApiKey): z.input<typeof apiKey> => ({
  id: key.id,
  name: key.name,
  role: key.role,
  hint: key.hint,
  createdAt: key.createdAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
});
