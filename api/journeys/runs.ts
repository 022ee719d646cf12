import type { Client } from '@temporalio/client';
import { nudgeJourney, queryProgress, sendJourneyEvent, startJourney } from '../../temporal/start/journeys.ts';
import type { JourneyRuns } from '../deps.ts';

/** The runs of the journeys on the server that `client` is connected to. */
export const journeyRuns = (client: Client): JourneyRuns => ({
  start: (start) => startJourney(client, start),
  send: (enrollmentId, event) => sendJourneyEvent(client, enrollmentId, event),
  nudge: async (enrollmentIds) => {
    for (const id of enrollmentIds) await nudgeJourney(client, id);
  },
  progress: (enrollmentId) => queryProgress(client, enrollmentId),
});
