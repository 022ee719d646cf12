/** What channels will show of one step's message to somebody. */
import type { OutgoingMessage } from '../journeys/messages.ts';
import type { CoacheeFacts } from '../journeys/state.ts';
import { kindOf, type Step } from '../journeys/steps/index.ts';
import type { ChannelKind } from './deliveries.ts';
import { renderFor } from './render.ts';
import type { RenderedPart } from './rendered.ts';

export interface ChannelPreview {
  channel: ChannelKind;
  parts: RenderedPart[];
  /** Why there are no parts. */
  reason: string | null;
}

/**
 * The message that the journey sends on entering the step, with variables of the coachee filled in; null: it sends none. Of a text that a model is to
 * write, its fallback.
 */
export const messageOfStep = (step: Step, facts: CoacheeFacts, language: string): OutgoingMessage | null => {
  const kind = kindOf(step);
  const context = { known: { facts, answers: {}, results: {}, signals: {} }, language, round: 0 };
  const entered = kind.enter(step, context);
  const outcome =
    entered.move === 'askCoach'
      ? kind.on?.(step, { type: 'coachAnswered', text: null, reason: null }, context)
      : entered;
  return outcome && 'message' in outcome ? outcome.message : null;
};

/** What each of the channels will show of the message. */
export const previewOf = (message: OutgoingMessage | null, channels: ChannelKind[]): ChannelPreview[] =>
  channels.map((channel) => {
    const reason = whyNot(message, channel);
    return { channel, parts: message === null || reason !== null ? [] : renderFor(channel, message), reason };
  });

const whyNot = (message: OutgoingMessage | null, channel: ChannelKind): string | null => {
  if (message === null) return 'This step sends no message.';
  if (message.email && channel !== 'email') return 'This message goes by email and no other way.';
  return message.text.trim() === '' ? 'The text is blank when its variables have no value.' : null;
};
