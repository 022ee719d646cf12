import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE } from '../../shared/contracts/realtime.ts';
import { JoinCode } from '../../shared/db/entities/channels.ts';
import { InboundMessage, Message } from '../../shared/db/entities/conversations.ts';
import { newSessionToken } from '../../shared/services/web-chat.ts';
import { testConfig } from '../support/environment.ts';
import { givenChannel, givenCreator } from '../support/factories.ts';
import { givenChatting, openTab, type RealtimeServer, startRealtime } from '../support/web-chat.ts';

let server: RealtimeServer;
beforeAll(async () => {
  server = await startRealtime(testConfig());
});
afterAll(() => server.stop());

describe('hello', () => {
  test('is answered with who one is and the newest messages', async () => {
    const one = await givenChatting(server);
    for (let index = 1; index <= 45; index += 1) await one.programSays(`message ${index}`, { silently: true });
    const tab = await openTab(server);
    expect(await tab.hello(one.token)).toMatchObject({ name: 'Mira', creatorName: 'Ada Coaching', telegram: false });
    const { items, older } = await tab.next('history');
    expect(items).toHaveLength(40);
    expect(items.at(-1)).toMatchObject({ text: 'message 45', seq: 45, from: 'program' });
    expect(older).toBe(true);
    tab.send({ type: 'history', before: items[0]?.seq ?? 0 });
    expect(await tab.next('history')).toMatchObject({ older: false, items: { length: 5 } });
  });

  test('after a break brings what was missed, all of it, and nothing twice', async () => {
    const one = await givenChatting(server);
    for (let index = 1; index <= 230; index += 1) await one.programSays(`${index}`, { silently: true });
    const tab = await openTab(server);
    await tab.hello(one.token, 3);
    expect(await tab.texts(227)).toEqual(Array.from({ length: 227 }, (_, index) => `${index + 4}`));
  });

  test('with an unknown token is turned away', async () => {
    const tab = await openTab(server);
    tab.send({ type: 'hello', token: newSessionToken(), after: null });
    expect(await tab.next('problem')).toMatchObject({ code: 'unauthenticated', retry: false });
    expect(await tab.closed).toBe(CLOSE.unauthenticated);
  });

  test('must come first', async () => {
    const tab = await openTab(server);
    tab.say('let me in');
    expect(await tab.closed).toBe(CLOSE.unauthenticated);
  });
});

describe('what is said', () => {
  test('is acknowledged with its number, shown in every tab, and handed to the conversation', async () => {
    const one = await givenChatting(server);
    const [first, second] = [await openTab(server), await openTab(server)];
    await first.hello(one.token);
    await second.hello(one.token);
    const clientId = first.say('  I walked today ');
    expect(await first.next('ack')).toEqual({ type: 'ack', clientId, seq: 1 });
    for (const tab of [first, second]) {
      const { items } = await tab.next('messages');
      expect(items).toMatchObject([{ from: 'coachee', text: 'I walked today', clientId, seq: 1 }]);
    }
    const inbound = await one.em().findOneOrFail(InboundMessage, { coacheeId: one.coacheeId });
    expect(server.handed).toContain(inbound.id);
  });

  test('twice under the same clientId, even at once in two tabs, counts once', async () => {
    const one = await givenChatting(server);
    const tabs = [await openTab(server), await openTab(server)];
    for (const tab of tabs) await tab.hello(one.token);
    const clientId = crypto.randomUUID();
    for (const tab of [...tabs, ...tabs]) tab.say('once', clientId);
    for (const tab of [...tabs, ...tabs]) expect((await tab.next('ack')).seq).toBe(1);
    expect(await one.em().count(Message, { coacheeId: one.coacheeId })).toBe(1);
  });

  test('in a burst keeps its order', async () => {
    const one = await givenChatting(server);
    const tab = await openTab(server);
    await tab.hello(one.token);
    const said = Array.from({ length: 20 }, (_, index) => `part ${index}`);
    for (const text of said) tab.say(text);
    expect(await tab.texts(20)).toEqual(said);
  });

  test('by two tabs and the program at once gets numbers without a gap', async () => {
    const one = await givenChatting(server);
    const tabs = [await openTab(server), await openTab(server)];
    for (const tab of tabs) {
      await tab.hello(one.token);
      await tab.next('history');
    }
    const programs = Array.from({ length: 10 }, (_, index) => one.programSays(`program ${index}`));
    for (let index = 0; index < 10; index += 1) for (const tab of tabs) tab.say(`coachee ${index}`);
    await Promise.all(programs);
    for (const tab of tabs) expect(await tab.texts(30)).toHaveLength(30);
    const rows = await one.em().find(Message, { coacheeId: one.coacheeId }, { orderBy: { seq: 'asc' } });
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  test('by pressing a button names the message and its value', async () => {
    const one = await givenChatting(server);
    const messageId = await one.programSays('How?', { buttons: [{ label: 'Well', value: 'well' }] });
    const tab = await openTab(server);
    await tab.hello(one.token);
    const clientId = crypto.randomUUID();
    tab.send({ type: 'say', clientId, content: { kind: 'button', messageId, value: 'well' } });
    await tab.next('ack');
    const [item] = (await tab.next('messages')).items;
    expect(item).toMatchObject({ text: 'Well', pressed: { messageId, value: 'well' } });
  });

  test('by pressing what is not there, or another’s, is refused for good', async () => {
    const [one, other] = [await givenChatting(server), await givenChatting(server)];
    const messageId = await other.programSays('How?', { buttons: [{ label: 'Well', value: 'well' }] });
    const tab = await openTab(server);
    await tab.hello(one.token);
    const clientId = crypto.randomUUID();
    tab.send({ type: 'say', clientId, content: { kind: 'button', messageId, value: 'well' } });
    expect(await tab.next('problem')).toMatchObject({ code: 'refused', clientId, retry: false });
  });

  test('without words is refused; with what Postgres cannot keep is kept without it', async () => {
    const one = await givenChatting(server);
    const tab = await openTab(server);
    await tab.hello(one.token);
    tab.say(' \u0000 ');
    expect(await tab.next('problem')).toMatchObject({ code: 'refused' });
    tab.say('a\u0000b');
    expect(await tab.texts(1)).toEqual(['ab']);
  });
});

describe('frames that are none', () => {
  test.each([
    ['no JSON', 'hello'],
    ['an unknown type', '{"type":"hallo"}'],
    ['an unknown field', '{"type":"history","before":1,"x":1}'],
    [
      'a text too long',
      JSON.stringify({ type: 'say', clientId: crypto.randomUUID(), content: { kind: 'text', text: 'x'.repeat(4097) } }),
    ],
    ['bytes', Buffer.from([1, 2, 3])],
  ])('%s: a problem, and the chat goes on', async (_name, raw) => {
    const one = await givenChatting(server);
    const tab = await openTab(server);
    await tab.hello(one.token);
    tab.sendRaw(raw);
    expect(await tab.next('problem')).toMatchObject({ code: 'badFrame' });
    tab.say('still here');
    await tab.next('ack');
  });

  test('too large a frame closes the socket', async () => {
    const tab = await openTab(server);
    tab.sendRaw('x'.repeat(64 * 1024));
    expect(await tab.closed).toBe(1009);
  });

  test('too many at once are told so, and may be sent again', async () => {
    const one = await givenChatting(server);
    const tab = await openTab(server);
    await tab.hello(one.token);
    for (let index = 0; index < 60; index += 1) tab.say(`${index}`);
    expect(await tab.next('problem')).toMatchObject({ code: 'tooFast', retry: true });
  });
});

describe('the server', () => {
  test('brings a message to open chats at once, and one whose hint was lost with the next', async () => {
    const one = await givenChatting(server);
    const tab = await openTab(server);
    await tab.hello(one.token);
    await tab.next('history');
    await one.programSays('no hint', { silently: true });
    await sleep(100);
    expect(tab.frames).toEqual([]);
    await one.programSays('a hint');
    expect(await tab.texts(2)).toEqual(['no hint', 'a hint']);
  });

  test('gives a link to Telegram that is good for this coachee', async () => {
    const owner = await givenCreator(server.orm);
    await givenChannel(owner, 'telegram', { settings: { botUsername: 'ada_bot' } });
    const one = await givenChatting(server, owner);
    const tab = await openTab(server);
    expect((await tab.hello(one.token)).telegram).toBe(true);
    tab.send({ type: 'telegramLink' });
    const { url } = await tab.next('link');
    const [, code] = /^https:\/\/t\.me\/ada_bot\?start=([\w-]{1,64})$/.exec(url) ?? [];
    expect(await owner.em().findOneOrFail(JoinCode, { code: code ?? '' })).toMatchObject({ coacheeId: one.coacheeId });
  });

  test('shows nobody another coachee’s messages', async () => {
    const owner = await givenCreator(server.orm);
    const [one, other] = [await givenChatting(server, owner), await givenChatting(server, owner)];
    const tab = await openTab(server);
    await tab.hello(one.token);
    await tab.next('history');
    await other.programSays('for the other');
    await one.programSays('for this one');
    expect(await tab.texts(1)).toEqual(['for this one']);
  });

  test('refuses pages of other origins, and other paths', async () => {
    await expect(openTab(server, { origin: 'https://evil.example' })).rejects.toThrow('403');
    const elsewhere = new WebSocket(server.url.replace('/v1/realtime', '/elsewhere'));
    await expect(new Promise((_, reject) => elsewhere.once('error', reject))).rejects.toThrow('404');
  });

  test('on its way out says: come back', async () => {
    const leaving = await startRealtime(testConfig());
    const one = await givenChatting(leaving);
    const tab = await openTab(leaving);
    await tab.hello(one.token);
    await leaving.stop();
    expect(await tab.closed).toBe(CLOSE.restart);
  });
});
