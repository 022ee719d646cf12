/** One scenario per control-flow shape of our workflows; `npm run record` lives them and keeps their histories. */

import { type ChannelPort, SendRefused } from '../../shared/clients/channels.ts';
import { type InboundId, newId } from '../../shared/contracts/ids.ts';
import { Identity } from '../../shared/db/entities/channels.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { receiveInbound } from '../../shared/services/conversations.ts';
import { createImport } from '../../shared/services/enrollment-imports.ts';
import { noteSchedule } from '../../shared/services/reminder-schedules.ts';
import {
  conversationId,
  enrollmentImportWorkflowId,
  journeyId,
  migrationRunId,
  remindersId,
} from '../../temporal/ids.ts';
import { JOURNEYS_QUEUE } from '../../temporal/queues.ts';
import { handInbound } from '../../temporal/start/conversations.ts';
import { startEnrollmentImport } from '../../temporal/start/enrollment-imports.ts';
import { startMigration } from '../../temporal/start/migrations.ts';
import { givenChannel, givenCoachee, givenCreator, givenProgram } from '../support/factories.ts';
import { givenHabit, givenKeptHabit, givenReminder } from '../support/habits.ts';
import { givenRow } from '../support/imports.ts';
import { asked, type JourneyOptions, sleepingAt, startedJourney } from '../support/journey-run.ts';
import { decideAndLose } from '../support/lost-decision.ts';
import { givenMigration, givenVersion } from '../support/migrations.ts';
import { givenReminded, type Reminded } from '../support/reminded.ts';
import type { Stage } from '../support/stage.ts';
import { asks, says } from '../support/steps.ts';

/** Lives a shape to its end and gives the id of the workflow whose runs are to be kept. */
export type Shape = (stage: Stage) => Promise<string>;

/** A provider that has no time for each address's first message when it is offered first. */
export const busyAtFirst = (): ChannelPort => {
  const offered = new Set<string>();
  return {
    kind: 'telegram',
    send: async ({ address, messageId }) => {
      if (offered.has(address)) return { providerMessageId: messageId };
      offered.add(address);
      throw new SendRefused('later', 'Too many requests', 30_000);
    },
  };
};

const DAY_MS = 86_400_000;
const waits = (key: string, days = 1) => ({ key, type: 'wait', for: { days } });

const begin = (stage: Stage, steps: object[], more: { definition?: object; options?: JourneyOptions } = {}) =>
  startedJourney(stage, { steps, ...more.definition }, more.options);

const ended = async (journey: Awaited<ReturnType<typeof begin>>): Promise<string> => {
  await journey.result();
  return journeyId(journey.enrollmentId);
};

const remembered = async ({ world }: Stage, { coacheeId, nudge }: Reminded): Promise<string> => {
  await nudge();
  await world.client.workflow.getHandle(remindersId(coacheeId)).result();
  return remindersId(coacheeId);
};

export const shapes: Record<string, Shape> = {
  'journey-messages': async (stage) => ended(await begin(stage, [says('one'), says('two')])),

  'journey-wait': async (stage) => ended(await begin(stage, [waits('rest'), says('after')])),

  'journey-reply-by-update': async (stage) => {
    const journey = await begin(stage, [asks('mood'), says('thanks')]);
    await journey.until(asked);
    await journey.tell('reply', { id: 'r', text: 'fine' });
    return ended(journey);
  },

  'journey-reply-by-signal': async (stage) => {
    const journey = await begin(stage, [asks('mood'), waits('rest'), says('thanks')]);
    await journey.until(asked);
    const handle = stage.world.client.workflow.getHandle(journeyId(journey.enrollmentId));
    await handle.signal('reply', { id: 'r', text: 'fine' });
    return ended(journey);
  },

  'journey-catches-up-with-a-lost-decision': async (stage) => {
    const journey = await begin(stage, [asks('mood'), says('thanks'), waits('rest')]);
    await journey.until(asked);
    await decideAndLose(stage, journey, { type: 'reply', id: 'first', text: 'fine' });
    await journey.tell('reply', { id: 'second', text: 'or not' });
    return ended(journey);
  },

  'journey-reask-and-timeout': async (stage) => {
    const timeout = { after: { days: 1 }, goTo: 'missed' };
    const journey = await begin(stage, [asks('age', { answer: { kind: 'number' }, timeout }), says('missed')]);
    await journey.until(asked);
    await journey.tell('reply', { id: 'r', text: 'old' });
    return ended(journey);
  },

  'journey-pause-and-resume': async (stage) => {
    const journey = await begin(stage, [waits('rest'), says('after')]);
    await journey.until(sleepingAt('rest'));
    await journey.tell('pause');
    await stage.world.sleep(3 * DAY_MS);
    await journey.tell('resume', { id: 'r', reason: 'back' });
    return ended(journey);
  },

  'journey-skip-exit': async (stage) => {
    const journey = await begin(stage, [waits('rest', 9), waits('more', 9)]);
    await journey.until(sleepingAt('rest'));
    await journey.tell('skip');
    await journey.until(sleepingAt('more'));
    await journey.tell('exit', { id: 'x', reason: 'enough' });
    return ended(journey);
  },

  'journey-custom-signal': async (stage) => {
    const definition = { signals: [{ name: 'scored', payload: { points: 'number' }, goTo: 'praise' }] };
    const journey = await begin(stage, [waits('rest', 9), says('never'), says('praise')], { definition });
    await journey.until(sleepingAt('rest'));
    await journey.tell('scored', { id: 's', payload: { points: 3 } });
    return ended(journey);
  },

  'journey-webhook-fails-over': async (stage) => {
    const hook = { key: 'hook', type: 'callWebhook', url: 'http://127.0.0.1:9/nobody', onFailure: 'sorry' };
    return ended(await begin(stage, [hook, says('never'), says('sorry')]));
  },

  'journey-parked-and-retried': async (stage) => {
    const journey = await begin(stage, [waits('rest'), says('news')]);
    await journey.until(sleepingAt('rest'));
    const { coacheeId } = journey;
    await journey.em().nativeUpdate(Identity, { coacheeId }, { blockedAt: new Date() });
    await stage.world.sleep(2 * DAY_MS);
    await journey.until(({ status }) => status === 'parked');
    await journey.em().nativeUpdate(Identity, { coacheeId }, { blockedAt: null });
    await journey.tell('retry');
    return ended(journey);
  },

  'journey-monthly-renewal': async (stage) =>
    ended(await begin(stage, [waits('a', 31), says('one'), waits('b', 31), says('two')])),

  'journey-at-a-pace': async (stage) =>
    ended(await begin(stage, [says('one'), waits('rest'), says('two')], { options: { testMsPerDay: 500 } })),

  'journey-sends-later': async (stage) => {
    const creator = await givenCreator(stage.orm);
    const { coacheeId } = await givenCoachee(creator, await givenChannel(creator, 'telegram'));
    return ended(await begin(stage, [says('one'), waits('rest'), says('two')], { options: { creator, coacheeId } }));
  },

  'journey-asks-the-coach': async (stage) => {
    const coach = { key: 'cheer', type: 'coach', prompt: 'Say hello.', fallback: 'Hello' };
    return ended(await begin(stage, [coach, waits('rest')]));
  },

  'journey-is-reviewed': async (stage) => {
    const review = { key: 'look', type: 'review', text: 'Dear you', timeout: { after: { hours: 8 } } };
    const journey = await begin(stage, [review, says('letter', '{{results.look.text}}')]);
    await journey.until(({ stepKey, doing }) => stepKey === 'look' && doing.startsWith('Waiting'));
    await journey.tell('review', { id: 'v', stepKey: 'look', occurrence: 1, verdict: 'approved' });
    return ended(journey);
  },

  'journey-begins-a-subprogram': async (stage) => {
    const creator = await givenCreator(stage.orm);
    await givenProgram(creator, { slug: 'basics', steps: [says('one'), waits('rest')] });
    const steps = [{ key: 'sub', type: 'subprogram', program: 'basics' }, says('on')];
    return ended(await begin(stage, steps, { options: { creator } }));
  },

  'journey-tells-its-parent': async (stage) => {
    const creator = await givenCreator(stage.orm);
    await givenProgram(creator, { slug: 'basics', steps: [waits('rest')] });
    const steps = [{ key: 'sub', type: 'subprogram', program: 'basics' }, says('on')];
    const { enrollmentId, result, em } = await begin(stage, steps, { options: { creator } });
    await result();
    const child = await em().findOneOrFail(Enrollment, { parentKey: `${journeyId(enrollmentId)}/sub/1` });
    return journeyId(child.id);
  },

  'journey-waits-for-the-morning': async (stage) => {
    const journey = await begin(stage, [{ key: 'w', type: 'wait', until: { time: '23:00' } }, says('late')]);
    await journey.until(sleepingAt('w'));
    const deliveryPolicy = { quietHours: { from: '22:00', to: '07:00' } };
    await journey.em().nativeUpdate(Coachee, { id: journey.coacheeId }, { deliveryPolicy });
    return ended(journey);
  },

  'journey-is-shifted-and-moves': async (stage) => {
    const journey = await begin(stage, [
      waits('rest'),
      { key: 'w', type: 'wait', until: { time: '20:00' } },
      says('there'),
    ]);
    await journey.until(sleepingAt('rest'));
    await journey.tell('shift', { id: 's', days: 2 });
    await journey.tell('unlock', { id: 'u' });
    await journey.until(sleepingAt('w'));
    await journey.em().nativeUpdate(Coachee, { id: journey.coacheeId }, { timeZone: 'America/New_York' });
    await stage.world.client.workflow.getHandle(journeyId(journey.enrollmentId)).signal('changed', {});
    await journey.until(({ doing }) => doing.includes('New_York'));
    return ended(journey);
  },

  'enrollment-import-in-batches': async ({ orm, world }) => {
    const { creatorId, em, ...owner } = await givenCreator(orm);
    const { programId } = await givenProgram({ creatorId, em, ...owner }, { steps: [says('hello')] });
    const rows = Array.from({ length: 130 }, (_, index) => givenRow(index + 2));
    const { id: importId } = await em().transactional((tx) =>
      createImport(tx, { creatorId, programId, cohortId: null, rows }),
    );
    await startEnrollmentImport(world.client, { creatorId, importId });
    await world.client.workflow.getHandle(enrollmentImportWorkflowId(importId)).result();
    return enrollmentImportWorkflowId(importId);
  },

  'journey-migrated': async (stage) => {
    const journey = await begin(stage, [waits('rest', 9), says('old')]);
    await journey.until(sleepingAt('rest'));
    const { programId } = await journey.enrollment();
    await givenVersion(journey, programId, 2, { steps: [waits('rest', 10), says('new')] });
    const { id: migrationId } = await givenMigration(journey, programId);
    await journey.tell('migrate', { id: `${migrationId}/1`, migrationId });
    return ended(journey);
  },

  migration: async (stage) => {
    const journey = await begin(stage, [waits('rest', 40), says('old')]);
    await journey.until(sleepingAt('rest'));
    const { programId } = await journey.enrollment();
    await givenVersion(journey, programId, 2, { steps: [waits('rest', 41), says('new')] });
    const canary = { canary: { count: 1 }, canaryPauseSeconds: 60 };
    const { id: migrationId, creatorId } = await givenMigration(journey, programId, canary);
    await startMigration(stage.world.client, { creatorId, migrationId });
    const handle = stage.world.client.workflow.getHandle(migrationRunId(migrationId));
    await handle.signal('pause');
    await handle.signal('resume');
    await handle.signal('proceed');
    await handle.signal('undo');
    await handle.result();
    return migrationRunId(migrationId);
  },

  'reminders-until-the-last-day': async (stage) => {
    const mira = await givenReminded(stage);
    const habitId = await givenHabit(mira);
    await givenReminder(mira, { times: ['09:00'] }, { habitId });
    await givenKeptHabit(mira, mira.coacheeId, habitId, { startDate: mira.day(), endDate: mira.day(3) });
    return remembered(stage, mira);
  },

  'reminders-answered-and-changed': async (stage) => {
    const mira = await givenReminded(stage);
    const habitId = await givenHabit(mira);
    await givenReminder(mira, { times: ['09:00'] }, { habitId, escalation: [{ afterMinutes: 60, via: 'again' }] });
    await givenKeptHabit(mira, mira.coacheeId, habitId, { startDate: mira.day(), endDate: mira.day(1) });
    await mira.nudge();
    await mira.until(mira.day(), '09:30');
    await mira.press('In 30 min');
    await mira.until(mira.day(), '10:30');
    await mira.press('✓ Done');
    return remembered(stage, mira);
  },

  'reminders-sent-later': async (stage) => {
    const mira = await givenReminded(stage, 'telegram');
    const habitId = await givenHabit(mira);
    await givenReminder(mira, { times: ['09:00'] }, { habitId });
    await givenKeptHabit(mira, mira.coacheeId, habitId, { startDate: mira.day(), endDate: mira.day() });
    return remembered(stage, mira);
  },

  'reminders-monthly-renewal': async (stage) => {
    const mira = await givenReminded(stage);
    const { coacheeId } = mira;
    await givenReminder(
      mira,
      { times: ['09:00'], rrule: 'FREQ=WEEKLY;COUNT=8', startDate: mira.day() },
      { coacheeId, text: 'Hello' },
    );
    await mira.em().transactional((tx) => noteSchedule(tx, mira.creatorId, coacheeId));
    return remembered(stage, mira);
  },

  reconcile: async ({ world }) => {
    const workflowId = `reconcile/${newId()}`;
    await world.client.workflow.execute('reconcile', { workflowId, taskQueue: JOURNEYS_QUEUE, args: [] });
    return workflowId;
  },

  'conversation-burst-and-help': async (stage) => {
    const journey = await begin(stage, [says('hello'), waits('rest', 40)]);
    await journey.until(sleepingAt('rest'));
    await speak(stage, journey, ['Hi', 'anybody there?', '/help']);
    await journey.result();
    return conversationId(journey.coacheeId);
  },

  'conversation-answers-a-question': async (stage) => {
    const journey = await begin(stage, [asks('mood'), waits('rest', 40)]);
    await journey.until(asked);
    await speak(stage, journey, ['calm']);
    await journey.result();
    return conversationId(journey.coacheeId);
  },
};

const speak = async (stage: Stage, journey: Awaited<ReturnType<typeof begin>>, texts: string[]): Promise<void> => {
  const { creatorId, coacheeId, webChannelId: channelId } = journey;
  const identity = await journey.em().findOneOrFail(Identity, { coacheeId });
  const inboundIds: InboundId[] = [];
  for (const text of texts) {
    const inbound = {
      channelId,
      identityId: identity.id,
      coacheeId,
      externalId: newId<string>(),
      content: { kind: 'text', text },
    } as const;
    inboundIds.push((await receiveInbound(journey.em(), inbound)).inboundId);
  }
  for (const inboundId of inboundIds) await handInbound(stage.world.client, { creatorId, coacheeId, inboundId }, 300);
  await stage.world.client.workflow.getHandle(conversationId(coacheeId)).result();
};
