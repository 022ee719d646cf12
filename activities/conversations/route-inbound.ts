/** Routes what a coachee wrote to the journey that asked, or answers with help when nobody asked. */
import type { Client } from '@temporalio/client';
import type { CoacheeId, CreatorId, InboundId } from '../../shared/contracts/ids.ts';
import { forCreator, type Orm } from '../../shared/db/orm.ts';
import { joinBurst, type Utterance } from '../../shared/domain/conversations/burst.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { markHandled, unhandled, withAnswer } from '../../shared/services/inbox.ts';
import { conversationId, effectKey } from '../../temporal/ids.ts';
import { answerButton } from './buttons.ts';
import { answerCommand } from './commands.ts';
import { answerText } from './texts.ts';

export interface RouteInboundInput {
  creatorId: string;
  coacheeId: string;
  inboundIds: string[];
}

export interface RouteDeps {
  orm: Orm;
  temporal: Client;
}

/** What one utterance is about, for whoever answers it. */
export interface Spoken extends RouteDeps {
  creatorId: CreatorId;
  coacheeId: CoacheeId;
  /** Names the utterance: the journey takes it once under this id. */
  id: string;
}

/**
 * Takes the messages in their order, a burst of texts as one. Gives the keys of the planned answers of ours that are now to be sent. Safe to repeat: a
 * message is marked handled together with its answer, and journeys know what they have taken.
 */
export const createRouteInbound =
  (deps: RouteDeps) =>
  async (input: RouteInboundInput): Promise<{ replies: string[] }> => {
    const creatorId = input.creatorId as CreatorId;
    const coacheeId = input.coacheeId as CoacheeId;
    const rows = await unhandled(forCreator(deps.orm, creatorId), input.inboundIds as InboundId[]);
    const replies: string[] = [];
    for (const utterance of joinBurst(rows)) {
      const text = await answerTo({ ...deps, creatorId, coacheeId, id: utterance.id }, utterance);
      const key = effectKey(conversationId(coacheeId), utterance.id, 1);
      const em = forCreator(deps.orm, creatorId);
      await em.transactional(async (tx) => {
        await markHandled(tx, utterance.ids as InboundId[]);
        if (text !== null) await withAnswer(tx, { creatorId, coacheeId, key, text });
      });
      if (text !== null) replies.push(key);
    }
    return { replies };
  };

/** Our answer, or null where the journey answers itself. */
const answerTo = (spoken: Spoken, { content }: Utterance): Promise<string | null> => {
  switch (content.kind) {
    case 'button':
      return answerButton(spoken, content);
    case 'text':
      return content.text.trimStart().startsWith('/')
        ? answerCommand(spoken, content.text)
        : answerText(spoken, content.text);
    case 'other':
      return Promise.resolve(phrases.unreadable);
  }
};
