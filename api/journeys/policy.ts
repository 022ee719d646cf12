/** The least role for what concerns coachees and their journeys. */
import type { Role } from '../../shared/domain/accounts/roles.ts';

export const policy = {
  read: 'viewer',
  editCoachees: 'coach',
  enroll: 'coach',
  signal: 'coach',
} satisfies Record<string, Role>;
