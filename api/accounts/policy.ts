/** The least role for what concerns accounts. */
import type { Role } from '../../shared/domain/accounts/roles.ts';

export const policy = {
  seeMembers: 'viewer',
  manageMembers: 'owner',
  /** A key can do what its role can, so only who may hand out every role makes one. */
  manageApiKeys: 'owner',
} satisfies Record<string, Role>;
