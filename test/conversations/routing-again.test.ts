/** Routing is repeated when a worker ended before it could report: nothing is answered twice, nothing is forgotten. */
import { describe, expect, it } from 'vitest';
import { createConversationActivities } from '../../activities/conversations/activities.ts';
import { InboundMessage } from '../../shared/db/entities/conversations.ts';
import type { InboundContent } from '../../shared/domain/conversations/inbound.ts';
import { receiveInbound } from '../../shared/services/conversations.ts';
import { startJourney } from '../../temporal/start/journeys.ts';
import { givenEnrollment, givenProgram } from '../support/factories.ts';
import { asked, startedJourney } from '../support/journey-run.ts';
import { givenStage } from '../support/stage.ts';
import { asks } from '../support/steps.ts';

const stage = givenStage();

let messages = 0;

/** A coachee in a journey of these steps, who writes; each message is routed as often as one likes. */
const given = async (...steps: object[]) => {
  const journey = await startedJourney(stage, { steps });
  const { creatorId, coacheeId, webChannelId, em } = journey;
  const [identity] = await em().execute<{ id: string }[]>('select id from identities where coachee_id = ?', [
    coacheeId,
  ]);
  const { routeInbound } = createConversationActivities({
    ...{ orm: stage.orm, temporal: stage.world.client, nudge: async () => {} },
    nudgeReminders: async () => {},
  });
  return {
    ...journey,
    writes: async (content: InboundContent) => {
      messages += 1;
      const { inboundId } = await receiveInbound(em(), {
        channelId: webChannelId,
        identityId: identity?.id as never,
        coacheeId,
        externalId: `message ${messages}`,
        content,
      });
      const route = async () => (await routeInbound({ creatorId, coacheeId, inboundIds: [inboundId] })).replies;
      /** As if the process had ended before it could mark the message as handled. */
      const forget = () => em().nativeUpdate(InboundMessage, { id: inboundId }, { handledAt: null });
      return { route, forget };
    },
    answered: async () => (await journey.timeline()).filter(({ kind }) => kind === 'answered'),
  };
};

const text = (words: string): InboundContent => ({ kind: 'text', text: words });

describe('a message that is routed again after a crash', () => {
  it('is not answered with help, when it was the answer that ended the journey', async () => {
    const one = await given(asks('only'));
    await one.until(asked);
    const message = await one.writes(text('fine'));
    expect(await message.route()).toEqual([]);
    await one.result();
    await message.forget();
    expect(await message.route()).toEqual([]);
    expect(await one.answered()).toHaveLength(1);
  });

  it('is not given to another journey that asks, too', async () => {
    const one = await given(asks('first'));
    await one.until(asked);
    const program = await givenProgram(one, { steps: [asks('second')] });
    const enrollmentId = await givenEnrollment(one, program, one.coacheeId);
    const { programId, programVersion } = program;
    await startJourney(stage.world.client, {
      creatorId: one.creatorId,
      enrollmentId,
      programId,
      programVersion,
      isTest: false,
    });
    const asking = async () =>
      (
        await one
          .em()
          .execute('select 1 from deliveries where enrollment_id = ? and status = ?', [enrollmentId, 'sent'])
      ).length;
    while ((await asking()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));

    const message = await one.writes(text('to the latest question'));
    await message.route();
    await message.forget();
    await message.route();
    expect(await one.answered()).toEqual([]);
    expect((await one.progress()).awaitingReply).toBe(true);
    await one.tell('exit', { id: 'end' });
  });

  it('has its answer sent, although the attempt that planned it never reported', async () => {
    const one = await given({ key: 'rest', type: 'wait', for: { days: 1 } });
    const message = await one.writes(text('hello?'));
    const planned = await message.route();
    expect(planned).toHaveLength(1);
    expect(await message.route()).toEqual(planned);
    await one.tell('exit', { id: 'end' });
  });

  it('says that they have left, when it was what made them leave', async () => {
    const one = await given({ key: 'rest', type: 'wait', for: { days: 1 } });
    const message = await one.writes(text('/stop'));
    const [first] = await message.route();
    await message.forget();
    await one.em().execute('delete from deliveries where key = ?', [first]);
    await message.route();
    const [said] = await one
      .em()
      .execute<{ text: string }[]>(
        'select text from messages m join deliveries d on d.message_id = m.id where d.key = ?',
        [first],
      );
    expect(said?.text).toMatch(/^You have left the program/);
  });
});
