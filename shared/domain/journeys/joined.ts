/** Late messages joined into one, so that a day without service does not become a flood. */
import type { OutgoingMessage } from './messages.ts';
import type { Send } from './turn.ts';

const TEXT_MAX = 4096;

/** The message with the texts that were to come before it; null where they do not fit into one, or it goes another way. */
export const joinTexts = (send: Send, joined: Send[]): Send | null => {
  const { content } = send;
  if (joined.length === 0) return send;
  if (!content || content.email) return null;
  const all = [...joined.flatMap((one) => one.content ?? []), content];
  const text = textOf(all);
  return text.length > TEXT_MAX ? null : { ...send, content: { ...content, text, ...mediaOf(all) } };
};

/** Messages in one, under the key of the newest; null: there are none. What does not fit is cut off. */
export const sendOfJoined = (joined: Send[]): Send | null => {
  const newest = joined.at(-1);
  if (!newest?.content) return null;
  const all = joined.flatMap(({ content }) => content ?? []);
  return { ...newest, content: { ...newest.content, text: textOf(all).slice(0, TEXT_MAX), ...mediaOf(all) } };
};

const textOf = (contents: OutgoingMessage[]): string => contents.map(({ text }) => text).join('\n\n');

const mediaOf = (contents: OutgoingMessage[]): Pick<OutgoingMessage, 'media'> => {
  const media = contents.flatMap((content) => content.media ?? []);
  return media.length === 0 ? {} : { media };
};
