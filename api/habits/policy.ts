/** The least role for what concerns habits and reminders. */
import type { Role } from '../../shared/domain/accounts/roles.ts';

export const policy = {
  read: 'viewer',
} satisfies Record<string, Role>;
