/** The least role for what concerns programs. */
import type { Role } from '../../shared/domain/accounts/roles.ts';

export const policy = {
  read: 'viewer',
  edit: 'editor',
  /** Whoever may enroll may also hand out links to enroll by. */
  invite: 'coach',
} satisfies Record<string, Role>;
