/** Journeys whose decisions are asked for by hand, as an attempt of a workflow task would. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { createJourneyActivities } from '../../activities/journeys/activities.ts';
import { createGuardedFetch } from '../../shared/clients/guarded-fetch.ts';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { Coachee, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import type { Orm } from '../../shared/db/orm.ts';
import type { ChannelKind } from '../../shared/domain/channels/deliveries.ts';
import type { JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import type { DecideOutput, JourneyRun } from '../../shared/domain/journeys/run.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { testConfig } from './environment.ts';
import { givenChannel, givenCoachee, givenCreator, givenEnrollment, givenProgram } from './factories.ts';

/** An active enrollment in a program of `steps`, of a coachee on a channel of that kind. */
export const givenDecisions = async (orm: Orm, channel: ChannelKind, steps: object[]) => {
  const owner = await givenCreator(orm);
  const program = await givenProgram(owner, { steps });
  const channelId = channel === 'web' ? owner.webChannelId : await givenChannel(owner, channel);
  const { coacheeId } = await givenCoachee(owner, channelId);
  const enrollmentId = await givenEnrollment(owner, program, coacheeId);
  const announced: string[] = [];
  const { decide } = createJourneyActivities({
    orm,
    ports: {},
    vault: createVault(testConfig().CAIRN_ENCRYPTION_KEYS),
    announce: async (id) => {
      announced.push(id);
    },
    guardedFetch: createGuardedFetch({ allowPrivate: false }),
    startRun: async () => {},
    nudgeReminders: async () => {},
  });
  let nowMs = Date.parse('2026-11-23T08:00:00Z');
  const deliveries = () => owner.em().find(Delivery, { enrollmentId }, { orderBy: { id: 'asc' } });
  return {
    ...owner,
    coacheeId,
    enrollmentId,
    announced,
    /** `runId`: of the workflow's run that asks; a reset makes another one. */
    decide: (run: JourneyRun | null, event: JourneyEvent, runId = 'first'): Promise<DecideOutput> => {
      nowMs += 1000;
      const environment = new MockActivityEnvironment({
        workflowExecution: { workflowId: 'journey', runId: `${enrollmentId}/${runId}` },
      });
      return environment.run(decide, { creatorId: owner.creatorId, enrollmentId, run, event, nowMs });
    },
    timeline: async () => {
      const rows = await owner.em().find(TimelineEntry, { enrollmentId }, { orderBy: { id: 'asc' } });
      return rows.map(({ kind, stepKey }) => [kind, stepKey].join(' '));
    },
    deliveries,
    /** Step keys of the messages in the ledger. */
    inLedger: async () => (await deliveries()).map(({ key }) => key.split('/')[2]),
    /** What the coachee sees. */
    seen: async () => {
      const messages = await owner.em().find(Message, { coacheeId, seq: { $ne: null } }, { orderBy: { seq: 'asc' } });
      return messages.map(({ seq, text }) => `${seq} ${text}`);
    },
    traits: async () => (await owner.em().findOneOrFail(Coachee, { id: coacheeId })).traits,
  };
};
