/** Starts the runs of committed enrollments (design rule 5). */
import type { Enrollment } from '../../shared/db/entities/journeys.ts';
import { toStart } from '../../shared/services/journeys.ts';
import type { AppParts } from '../app-parts.ts';

/**
 * Starts it; safe to repeat. The run's first decision confirms the start, so the row need not be written again here. Throws where Temporal cannot be
 * reached: the reconcile starts the run then.
 */
export const startRun = ({ runs }: Pick<AppParts, 'runs'>, enrollment: Enrollment): Promise<void> =>
  runs.start(toStart(enrollment));

/** Starts those of `enrollments` that are active, as `startRun`; invitations wait for a channel. */
export const startActive = async (parts: Pick<AppParts, 'runs'>, enrollments: Enrollment[]): Promise<void> => {
  for (const enrollment of enrollments) if (enrollment.status === 'active') await startRun(parts, enrollment);
};
