import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Preview } from '../../shared/contracts/preview.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { givenProgram } from '../support/factories.ts';

let api: TestApi;
let ada: GivenCaller;
let programId: string;
beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
  const translations = { de: { 'hello.text': 'Hallo {{coachee.name|du}}' } };
  ({ programId } = await givenProgram(ada, { steps, translations }));
});
afterAll(() => api.close());

const steps = [
  { key: 'hello', type: 'message', text: 'Hello {{coachee.name|there}}, about {{traits.goal|your goal}}' },
  {
    key: 'mood',
    type: 'ask',
    text: 'How are you?',
    answer: { kind: 'choice', options: ['a', 'b', 'c', 'd'].map((value) => ({ value, label: `Mood ${value}` })) },
  },
  { key: 'night', type: 'wait', for: { hours: 8 } },
  { key: 'long', type: 'message', text: 'x y '.repeat(600), buttons: [{ label: 'Done', value: 'done' }] },
  { key: 'poem', type: 'coach', prompt: 'A poem', fallback: 'Roses are red' },
  { key: 'letter', type: 'email', subject: 'Week one', text: 'Dear {{coachee.name}}' },
  { key: 'blank', type: 'message', text: '{{traits.nickname}}' },
];

const preview = async (body: object) => {
  const answer = await ada.call('POST', `/v1/programs/${programId}/preview`, { body });
  return { status: answer.status, body: answer.body as unknown as Preview & { errors: { path: string }[] } };
};

describe('a preview', () => {
  test('fills in the coachee, for every channel', async () => {
    const coachee = { name: 'Mira', traits: { goal: 'sleep' } };
    const { status, body } = await preview({ stepKey: 'hello', coachee });
    expect(status).toBe(200);
    expect(body.channels.map(({ channel }) => channel)).toEqual(['web', 'telegram', 'whatsapp', 'email']);
    for (const { parts } of body.channels) expect(parts).toMatchObject([{ text: 'Hello Mira, about sleep' }]);
    const nobody = await preview({ stepKey: 'hello', channel: 'web' });
    expect(nobody.body.channels[0]?.parts).toMatchObject([{ text: 'Hello there, about your goal' }]);
  });

  test('shows each channel’s own form of the buttons', async () => {
    const { body } = await preview({ stepKey: 'mood' });
    const forms = body.channels.map(({ channel, parts }) => [channel, parts.at(-1)?.form]);
    expect(forms).toEqual([
      ['web', 'buttons'],
      ['telegram', 'buttons'],
      ['whatsapp', 'list'],
      ['email', 'links'],
    ]);
  });

  test('shows where a long text is split', async () => {
    const { body } = await preview({ stepKey: 'long', channel: 'whatsapp' });
    expect(body.channels[0]?.parts.map(({ form }) => form)).toEqual(['none', 'buttons']);
  });

  test('is in the language that is asked for', async () => {
    const { body } = await preview({ stepKey: 'hello', channel: 'web', language: 'de-AT', coachee: { name: 'Mira' } });
    expect(body.channels[0]?.parts).toMatchObject([{ text: 'Hallo Mira' }]);
  });

  test('of a text that the model is to write shows the fallback', async () => {
    const { body } = await preview({ stepKey: 'poem', channel: 'web' });
    expect(body.channels[0]?.parts).toMatchObject([{ text: 'Roses are red' }]);
  });

  test('of an email shows it there, and elsewhere why not', async () => {
    const { body } = await preview({ stepKey: 'letter', coachee: { name: 'Mira' } });
    for (const { channel, parts, reason } of body.channels) {
      if (channel === 'email') expect(parts).toMatchObject([{ subject: 'Week one', html: '<p>Dear Mira</p>' }]);
      else expect({ parts, reason }).toEqual({ parts: [], reason: expect.stringContaining('by email') });
    }
  });

  test('is of the definition that is sent along, and of the channels that it names', async () => {
    const definition = {
      ...{ v: 1, title: 'Another', channels: ['telegram'] },
      steps: [{ key: 'hello', type: 'message', text: 'Hi' }],
    };
    const { body } = await preview({ stepKey: 'hello', definition });
    expect(body.channels).toEqual([
      { channel: 'telegram', parts: [{ text: 'Hi', buttons: [], form: 'none' }], reason: null },
    ]);
  });

  test.each([
    ['night', 'sends no message'],
    ['blank', 'blank'],
  ])('of a step that sends nothing (%s) says why', async (stepKey, why) => {
    const { body } = await preview({ stepKey, channel: 'telegram' });
    expect(body.channels).toEqual([{ channel: 'telegram', parts: [], reason: expect.stringContaining(why) }]);
  });

  test.each([
    [{ stepKey: 'nowhere' }, 'stepKey'],
    [{ stepKey: 'hello', channel: 'fax' }, 'channel'],
    [{ stepKey: 'hello', language: '???' }, 'language'],
  ])('of %j names the field', async (body, path) => {
    const answer = await preview(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((one) => one.path)).toEqual([path]);
  });
});
