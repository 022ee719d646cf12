/** Starts the run of a committed enrollment (design rule 5). */
import type { Enrollment } from '../../shared/db/entities/journeys.ts';
import { toStart } from '../../shared/services/journeys.ts';
import type { AppParts } from '../app-parts.ts';

/**
 * Starts it; safe to repeat. The run's first decision confirms the start, so the row need not be written again here. Throws where Temporal cannot be
 * reached: the reconcile starts the run then.
 */
export const startRun = ({ runs }: Pick<AppParts, 'runs'>, enrollment: Enrollment): Promise<void> =>
  runs.start(toStart(enrollment));
