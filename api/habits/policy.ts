/** The least role for what concerns habits and reminders. */
import { atLeast, type Role } from '../../shared/domain/accounts/roles.ts';
import { CairnError } from '../../shared/errors.ts';

export const policy = {
  read: 'viewer',
  /** Habits and settings concern everyone, as programs do. */
  edit: 'editor',
  /** What concerns one coachee. */
  coach: 'coach',
} satisfies Record<string, Role>;

/** A coach may remind one coachee; a rule for everyone who keeps a habit needs more. Throws CairnError `forbidden`. */
export const authorizeReminder = (role: Role, { coacheeId }: { coacheeId?: string | null | undefined }): void => {
  if (coacheeId || atLeast(role, policy.edit)) return;
  throw new CairnError('forbidden', `A reminder for everyone needs the role ${policy.edit} or more.`);
};
