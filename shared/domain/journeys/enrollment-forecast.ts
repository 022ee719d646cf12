/** What would come of enrolling people, before anybody is enrolled. Pure: what is known of them is given. */
import { type CohortDoor, refusalOf } from './cohorts.ts';
import type { ReentryVerdict } from './reentry.ts';

/** How one of them stands to the program. */
export interface Standing {
  isKnown: boolean;
  livesInIt: boolean;
  reentry: ReentryVerdict;
  /** A fixed cohort's start has come in their time zone. */
  hasStarted: boolean;
}

export type Prospect = 'new' | 'known' | 'alreadyIn' | 'notAgain' | 'full' | 'closed' | 'started';

/** What becomes of each, in order: those before take the places. `door`: of the cohort that they would be put in, or null. */
export const prospects = (people: Standing[], door: Omit<CohortDoor, 'hasStarted'> | null): Prospect[] => {
  let taken = door?.taken ?? 0;
  return people.map(({ isKnown, livesInIt, reentry, hasStarted }) => {
    if (livesInIt) return 'alreadyIn';
    if (!reentry.allowed) return 'notAgain';
    const refusal = door && refusalOf({ ...door, hasStarted, taken });
    if (refusal) return refusal;
    taken += 1;
    return isKnown ? 'known' : 'new';
  });
};
