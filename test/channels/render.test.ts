import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHANNEL_KINDS, type ChannelKind } from '../../shared/domain/channels/deliveries.ts';
import { EMAIL, TELEGRAM, WHATSAPP } from '../../shared/domain/channels/limits.ts';
import { renderFor } from '../../shared/domain/channels/render.ts';
import type { RenderedPart } from '../../shared/domain/channels/rendered.ts';
import { splitText } from '../../shared/domain/channels/split-text.ts';
import type { MessageButton, MessageMedia, OutgoingMessage } from '../../shared/domain/journeys/messages.ts';

const FAMILY = '👩‍👩‍👧‍👦';
const word = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-zA-Z]{1,12}[,.!?]?$/) },
  fc.constantFrom(FAMILY, '🇩🇪', 'é', '每天早上喝一杯水。', 'नमस्ते', '👍🏽', `${FAMILY.repeat(40)}`, 'x'.repeat(700)),
);
const gap = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '  ');
const text = fc
  .array(fc.tuple(word, gap), { minLength: 1, maxLength: 1200, size: 'max' })
  .map((pieces) => pieces.flat().join('').trim());
const label = fc.stringMatching(/^[A-Za-z][A-Za-z ]{0,62}[a-z]$/);
const url = fc.nat(9999).map((n) => `https://example.org/${n}`);
const button: fc.Arbitrary<MessageButton> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ label, value: label }) },
  fc.record({ label, url }),
);
const medium: fc.Arbitrary<MessageMedia> = fc.record({
  kind: fc.constantFrom('image', 'audio', 'video', 'document'),
  url,
  title: label,
});
const message: fc.Arbitrary<OutgoingMessage> = fc.record(
  { text, buttons: fc.array(button, { maxLength: 14 }), media: fc.array(medium, { maxLength: 3 }) },
  { requiredKeys: ['text', 'buttons'] },
);

const solid = (words: string): string => words.replaceAll(/\s/g, '');
const shown = ({ text, buttons, media = [] }: RenderedPart): string =>
  [
    text,
    ...media.flatMap(({ url, title }) => [url, title]),
    ...buttons.map((one) => `${one.label} ${one.description ?? ''} ${'url' in one ? one.url : ''}`),
  ].join(' ');

const longest = (kind: ChannelKind, { form, media }: RenderedPart): number => {
  if (kind === 'telegram') return media ? TELEGRAM.captionMost : TELEGRAM.textMost;
  if (kind !== 'whatsapp') return Number.POSITIVE_INFINITY;
  return media || form === 'buttons' || form === 'list' ? WHATSAPP.bodyMost : WHATSAPP.textMost;
};

describe.each(CHANNEL_KINDS)('any message on %s', (kind) => {
  test('loses none of its words, in order, and none of its buttons, media and addresses', () => {
    fc.assert(
      fc.property(message, (one) => {
        const parts = renderFor(kind, one);
        expect(solid(parts.map((part) => part.text).join('')).startsWith(solid(one.text))).toBe(true);
        const all = solid(parts.map(shown).join(' '));
        for (const { label, ...what } of one.buttons) {
          expect(all).toContain(solid(label));
          if ('url' in what) expect(all).toContain(what.url);
        }
        for (const { title, url } of one.media ?? []) {
          expect(all).toContain(solid(title));
          expect(all).toContain(url);
        }
      }),
    );
  });

  test('keeps within what the channel takes, with nothing empty and the buttons at the end', () => {
    fc.assert(
      fc.property(message, (one) => {
        const parts = renderFor(kind, one);
        for (const part of parts) {
          expect(part.text.length).toBeLessThanOrEqual(longest(kind, part));
          expect(part.text.trim()).not.toBe('');
        }
        expect(parts.slice(0, -1).flatMap(({ buttons }) => buttons)).toEqual([]);
        for (const { form, buttons } of parts) expect(buttons.length === 0).toBe(form === 'none');
      }),
    );
  });

  test('tells of each button which it is', () => {
    fc.assert(
      fc.property(message, (one) => {
        for (const { index, label } of renderFor(kind, one).at(-1)?.buttons ?? []) {
          expect(one.buttons[index]?.label.startsWith(label)).toBe(true);
        }
      }),
    );
  });

  test('that is short is one part with its very text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){0,20}$/), (words) => {
        expect(renderFor(kind, { text: words, buttons: [] })).toMatchObject([
          { text: words, buttons: [], form: 'none' },
        ]);
      }),
    );
  });
});

describe('splitting a text', () => {
  const graphemes = (words: string) =>
    [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(words)].map(({ segment }) => segment);

  test('keeps every grapheme whole, fits, and is idempotent', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 60, max: 900 }), (words, most) => {
        const parts = splitText(words, most);
        expect(parts.flatMap(graphemes).filter((one) => one.trim() !== '')).toEqual(
          graphemes(words).filter((one) => one.trim() !== ''),
        );
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(most);
          expect(splitText(part, most)).toEqual([part]);
        }
      }),
    );
  });

  test.each([
    ['after a paragraph', 'One two.\n\nThree four. Five six.', 25, ['One two.', 'Three four. Five six.']],
    ['after a line', 'One two\nthree four. Five six seven', 30, ['One two', 'three four. Five six seven']],
    ['after a sentence', 'One two three. Four five six seven', 25, ['One two three.', 'Four five six seven']],
    ['after a word', 'one two three four five six', 15, ['one two three', 'four five six']],
    ['after whole characters', FAMILY.repeat(3), 25, [FAMILY.repeat(2), FAMILY]],
    ['never through a pair of surrogates', '😀😀😀', 5, ['😀😀', '😀']],
  ])('pauses %s', (_, words, most, parts) => {
    expect(splitText(words, most)).toEqual(parts);
  });

  test('ends where one character alone is longer than a part', () => {
    const parts = splitText(`a${'\u0301'.repeat(50)}`, 20);
    expect(parts.every((part) => part.length <= 20)).toBe(true);
    expect(parts.join('')).toHaveLength(51);
  });
});

const choices = (...labels: string[]): MessageButton[] => labels.map((one, at) => ({ label: one, value: `v${at}` }));
const image: MessageMedia = { kind: 'image', url: 'https://example.org/tree.png', title: 'A tree' };
const audio: MessageMedia = { kind: 'audio', url: 'https://example.org/calm.mp3', title: 'Two calm minutes' };

describe('on WhatsApp', () => {
  const render = (more: Partial<OutgoingMessage>) =>
    renderFor('whatsapp', { text: 'How are you?', buttons: [], ...more });

  test('three short answers are reply buttons, a long one or a fourth makes a list', () => {
    expect(render({ buttons: choices('Well', 'So so', 'Not well') })).toMatchObject([{ form: 'buttons' }]);
    expect(render({ buttons: choices('a', 'b', 'c', 'd') })).toMatchObject([{ form: 'list' }]);
    const [part] = render({ buttons: choices('I slept through the whole night', 'Badly') });
    expect(part).toMatchObject({
      form: 'list',
      buttons: [{ label: 'I slept through the', description: 'whole night', index: 0 }, { label: 'Badly' }],
    });
  });

  test('more than ten, or two of one name, are numbered lines', () => {
    const [many] = render({ buttons: choices(...'abcdefghijk') });
    expect(many).toMatchObject({ form: 'numbered', text: expect.stringContaining('\n11. k') });
    expect(render({ buttons: choices('Yes', 'Yes') })).toMatchObject([{ form: 'numbered' }]);
  });

  test('a web address is a line of the text, beside answers to press', () => {
    const buttons = [...choices('Fine'), { label: 'Read more', url: 'https://example.org/x' }];
    expect(render({ buttons })).toMatchObject([
      {
        form: 'buttons',
        text: 'How are you?\n\nRead more: https://example.org/x',
        buttons: [{ label: 'Fine', index: 0 }],
      },
    ]);
  });

  test('a long text goes first, and the answers come with the rest of it', () => {
    const sentence = 'Breathe in, and breathe out again. ';
    const parts = render({ text: sentence.repeat(100).trim(), buttons: choices('Done') });
    expect(parts.map(({ form }) => form)).toEqual(['none', 'buttons']);
    expect(parts.every((part) => part.text.endsWith('again.'))).toBe(true);
  });

  test('a picture goes along; sound, or a second medium, is a link', () => {
    expect(render({ media: [image] })).toMatchObject([{ text: 'How are you?', media: [image] }]);
    const asLink = 'How are you?\n\nTwo calm minutes: https://example.org/calm.mp3';
    expect(render({ media: [audio] })).toEqual([{ text: asLink, buttons: [], form: 'none' }]);
    expect(render({ media: [image, audio] })[0]?.text).toContain('A tree: https://example.org/tree.png');
  });
});

describe('by email', () => {
  test('is text and HTML, with nothing of what people wrote as markup', () => {
    const [part] = renderFor('email', {
      text: 'Hi <b>Mira</b> & all\nhow are you?\n\nYours',
      buttons: [...choices('Well', 'Not "well"'), { label: 'Read <more>', url: 'https://example.org/?a=1&b="2' }],
      media: [image, audio],
      email: { subject: 'Day\r\n1' },
    });
    expect(part?.subject).toBe('Day 1');
    expect(part?.text.split('\n\n').at(-1)).toBe('Reply with “Well” or “Not "well"”.');
    expect(part?.html).toBe(
      [
        '<p>Hi &lt;b&gt;Mira&lt;/b&gt; &amp; all<br>\nhow are you?</p>',
        '<p>Yours</p>',
        '<p><img src="https://example.org/tree.png" alt="A tree" style="max-width:100%"></p>',
        '<p><a href="https://example.org/calm.mp3">Two calm minutes</a></p>',
        '<p><a href="https://example.org/?a=1&amp;b=&quot;2">Read &lt;more&gt;</a></p>',
        '<p>Reply with “Well” or “Not &quot;well&quot;”.</p>',
      ].join('\n'),
    );
  });

  test.each([undefined, { subject: ' ' }])('without a subject of its own (%j), the first words are it', (email) => {
    const text = `Good morning, Mira.\n\n${'walk '.repeat(50)}`;
    const [part] = renderFor('email', { text, buttons: [], ...(email && { email }) });
    expect(part?.subject).toMatch(/^Good morning, Mira\. walk .*…$/);
    expect(part?.subject?.length).toBeLessThanOrEqual(EMAIL.subjectMost);
  });
});
