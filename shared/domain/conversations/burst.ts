/** Joins what a coachee wrote in one go: several short messages are one answer. */
import type { InboundContent } from './inbound.ts';

export interface Inbound {
  id: string;
  content: InboundContent;
}

/** Some messages that are to be understood together; `id` is the first one's. */
export interface Utterance {
  id: string;
  ids: string[];
  content: InboundContent;
}

const isPlainText = (content: InboundContent): content is { kind: 'text'; text: string } =>
  content.kind === 'text' && !content.text.trimStart().startsWith('/');

/** Joins neighbouring plain texts with a line break, in order; commands, buttons and everything else stand alone. */
export const joinBurst = (inbound: Inbound[]): Utterance[] => {
  const utterances: Utterance[] = [];
  for (const { id, content } of inbound) {
    const last = utterances.at(-1);
    if (last && isPlainText(content) && isPlainText(last.content)) {
      last.ids.push(id);
      last.content = { kind: 'text', text: `${last.content.text}\n${content.text}` };
    } else {
      utterances.push({ id, ids: [id], content });
    }
  }
  return utterances;
};
