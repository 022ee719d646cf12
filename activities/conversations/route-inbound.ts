/** Routes what a coachee wrote to the journey that asked, or answers with help when nobody asked. */
import type { CoacheeId, CreatorId, InboundId } from '../../shared/contracts/ids.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { joinBurst, type Utterance } from '../../shared/domain/conversations/burst.ts';
import { phrases } from '../../shared/domain/conversations/phrases.ts';
import { answersUnder, markHandled, unhandled, withAnswer } from '../../shared/services/inbox.ts';
import { conversationId, effectKey } from '../../temporal/ids.ts';
import { answerButton } from './buttons.ts';
import { answerCommand } from './commands.ts';
import type { RouteDeps, Spoken } from './spoken.ts';
import { answerText } from './texts.ts';

export interface RouteInboundInput {
  creatorId: string;
  coacheeId: string;
  inboundIds: string[];
}

/**
 * Takes the messages in their order, a burst of texts as one. Gives the keys of the planned answers of ours that are now to be sent. Safe to repeat: a
 * message is marked handled together with its answer, answers of an attempt that could not report are given again, and a message that a journey took
 * is known to be taken.
 */
export const createRouteInbound =
  (deps: RouteDeps) =>
  async (input: RouteInboundInput): Promise<{ replies: string[] }> => {
    const creatorId = input.creatorId as CreatorId;
    const coacheeId = input.coacheeId as CoacheeId;
    const keyOf = (id: string) => effectKey(conversationId(coacheeId), id, 1);
    const rows = await unhandled(forCreator(deps.orm, creatorId), input.inboundIds as InboundId[]);
    for (const utterance of joinBurst(rows)) {
      const text = await answerTo({ ...deps, creatorId, coacheeId, id: utterance.id as InboundId }, utterance);
      const em = forCreator(deps.orm, creatorId);
      await em.transactional(async (tx) => {
        await markHandled(tx, utterance.ids as InboundId[]);
        if (text !== null) await withAnswer(tx, { creatorId, coacheeId, key: keyOf(utterance.id), text });
      });
    }
    return { replies: await answersUnder(forCreator(deps.orm, creatorId), input.inboundIds.map(keyOf)) };
  };

/** Our answer, or null where the journey answers itself. */
const answerTo = async (spoken: Spoken, { content }: Utterance): Promise<string | null> => {
  switch (content.kind) {
    case 'button':
      return answerButton(spoken, content);
    case 'text':
      return content.text.trimStart().startsWith('/')
        ? answerCommand(spoken, content.text)
        : answerText(spoken, content.text);
    case 'other':
      return phrases.unreadable;
  }
};
