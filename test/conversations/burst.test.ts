import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Inbound, joinBurst } from '../../shared/domain/conversations/burst.ts';
import type { InboundContent } from '../../shared/domain/conversations/inbound.ts';

const text = (words: string): InboundContent => ({ kind: 'text', text: words });
const button: InboundContent = { kind: 'button', messageId: 'm', value: 'yes', label: 'Yes' };
const photo: InboundContent = { kind: 'other', what: 'photo' };

const numbered = (contents: InboundContent[]): Inbound[] =>
  contents.map((content, index) => ({ id: `i${index}`, content }));
const joined = (...contents: InboundContent[]) => joinBurst(numbered(contents)).map(({ content }) => content);

const isPlain = (content: InboundContent) => content.kind === 'text' && !content.text.trimStart().startsWith('/');

const anyContent: fc.Arbitrary<InboundContent> = fc.oneof(
  fc.string().map(text),
  fc.constantFrom('/help', ' /stop', '/', 'calm', '', '\n', 'a/b').map(text),
  fc.constant(button),
  fc.constant(photo),
);
const burst = fc.array(anyContent, { maxLength: 12 }).map(numbered);

describe('a burst', () => {
  it('of words is one utterance, under the first message’s id', () => {
    expect(joinBurst(numbered([text('calm'), text('and glad')]))).toEqual([
      { id: 'i0', ids: ['i0', 'i1'], content: text('calm\nand glad') },
    ]);
  });

  it('is parted by commands, presses and everything that is no words', () => {
    expect(joined(text('a'), button, text('b'))).toEqual([text('a'), button, text('b')]);
    expect(joined(text('a'), text('/pause'), text('b'), text('c'))).toEqual([text('a'), text('/pause'), text('b\nc')]);
    expect(joined(text('/pause'), text(' /resume'), photo, photo)).toEqual([
      ...[text('/pause'), text(' /resume'), photo, photo],
    ]);
  });

  it('loses nothing, doubles nothing and keeps the order', () => {
    fc.assert(
      fc.property(burst, (inbound) => {
        const utterances = joinBurst(inbound);
        expect(utterances.flatMap(({ ids }) => ids)).toEqual(inbound.map(({ id }) => id));
        expect(utterances.map(({ id }) => id)).toEqual(utterances.map(({ ids }) => ids[0]));
        const words = (contents: InboundContent[]) =>
          contents.flatMap((content) => (isPlain(content) && content.kind === 'text' ? content.text.split('\n') : []));
        expect(words(utterances.map(({ content }) => content))).toEqual(words(inbound.map(({ content }) => content)));
      }),
    );
  });

  it('joins plain words only, and all neighbours among them', () => {
    fc.assert(
      fc.property(burst, (inbound) => {
        const byId = new Map(inbound.map(({ id, content }) => [id, content]));
        const utterances = joinBurst(inbound);
        for (const { ids, content } of utterances) {
          if (ids.length === 1) expect(content).toEqual(byId.get(ids[0] ?? ''));
          else expect(ids.map((id) => byId.get(id)).every((one) => one && isPlain(one))).toBe(true);
        }
        const plain = utterances
          .map(({ ids }) => byId.get(ids[0] ?? ''))
          .map((one) => one !== undefined && isPlain(one));
        expect(plain.some((one, index) => one && plain[index + 1])).toBe(false);
      }),
    );
  });

  it('leaves what it is given as it was', () => {
    const inbound = numbered([text('a'), text('b')]);
    joinBurst(inbound);
    expect(inbound).toEqual(numbered([text('a'), text('b')]));
  });
});
