/** The API for tests of habits: what would be told to runs is written down instead. */
import { type GivenCaller, givenCaller, startApi, type TestApi } from './api.ts';
import { type GivenCreator, givenCoachee } from './factories.ts';
import { MIDDAY_ZONE } from './midday.ts';

export interface HabitApi {
  api: TestApi;
  ada: GivenCaller;
  /** Coachees whose reminders were told to look again. */
  reminded: string[];
  /** Enrollments whose journeys were. */
  nudged: string[];
}

export const startHabitApi = async (): Promise<HabitApi> => {
  const reminded: string[] = [];
  const nudged: string[] = [];
  const api = await startApi({}, { nudgeReminders: async ({ coacheeId }) => void reminded.push(coacheeId) });
  api.deps.runs.nudge = async (ids) => void nudged.push(...ids);
  return { api, ada: await givenCaller(api), reminded, nudged };
};

/** A coachee for whom it is midday. */
export const givenMiddayCoachee = async (
  owner: Pick<GivenCreator, 'creatorId' | 'em' | 'webChannelId'>,
  more: { isTest?: boolean } = {},
) => (await givenCoachee(owner, owner.webChannelId, { timeZone: MIDDAY_ZONE, ...more })).coacheeId;
