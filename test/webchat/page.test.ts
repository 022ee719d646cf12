import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../shared/contracts/ids.ts';
import { Channel, Identity } from '../../shared/db/entities/channels.ts';
import { InboundMessage, Message } from '../../shared/db/entities/conversations.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { forCreator } from '../../shared/db/orm.ts';
import type { MessageMedia } from '../../shared/domain/journeys/messages.ts';
import { announce, assignSeq } from '../../shared/services/conversations.ts';
import { startBrowser } from '../support/browser.ts';
import { type ChannelApi, startChannelApi } from '../support/channel-api.ts';
import { givenChannel, givenCreator, givenProgram } from '../support/factories.ts';
import { givenJoinCode } from '../support/telegram.ts';

const NO_TELEGRAM = 'http://127.0.0.1:1';
let browser: Browser;
let api: ChannelApi;
const contexts: BrowserContext[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  [browser, api] = await Promise.all([startBrowser(), startChannelApi(NO_TELEGRAM)]);
}, 60_000);
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  // Scripts that failed, and whatever the content policy forbade.
  expect(complaints.splice(0)).toEqual([]);
});
afterAll(() => Promise.all([browser.close(), api.stop()]));

type Look = Parameters<Browser['newContext']>[0];

/** A phone of its own. */
const openPhone = async (look: Look = {}): Promise<BrowserContext> => {
  const context = await browser.newContext({
    ...{ viewport: { width: 390, height: 780 }, timezoneId: 'Asia/Kolkata', locale: 'en-GB', hasTouch: true },
    ...look,
  });
  context.setDefaultTimeout(10_000);
  contexts.push(context);
  return context;
};

const openPage = async (context: BrowserContext, path: string): Promise<Page> => {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (line) => {
    const isNetwork = /WebSocket|net::ERR|404|409/.test(line.text());
    if (line.type() === 'error' && !isNetwork) complaints.push(line.text());
  });
  await page.goto(`${api.url}${path}`);
  return page;
};

const given = async (more: { title?: string; name?: string; testMsPerDay?: number } = {}) => {
  const creator = await givenCreator(api.deps.orm, more.name ?? 'Ada Coaching');
  const { programId } = await givenProgram(creator, {
    title: more.title ?? 'Three calm weeks',
    steps: [{ key: 'hello', type: 'message', text: 'Hello' }],
  });
  const code = await givenJoinCode(creator, { programId, testMsPerDay: more.testMsPerDay ?? null });
  return { creator, programId, code };
};

/** Joins on a new phone; gives the page with the open chat, and a way to let the program speak. */
const chatting = async (more: Parameters<typeof given>[0] & { look?: Look } = {}) => {
  const one = await given(more);
  const context = await openPhone(more.look);
  const page = await openPage(context, `/join/${one.code}`);
  await page.getByLabel('What may we call you?').fill('Mira');
  await page.getByRole('button', { name: 'Start the chat' }).click();
  await page.getByLabel('Your message').waitFor();
  const coachee = await one.creator.em().findOneOrFail(Coachee, { name: 'Mira' });
  const programSays = async (text: string, row: Partial<Message> = {}) => {
    const id = newId<Message['id']>();
    await one.creator.em().transactional(async (tx) => {
      const { creatorId } = one.creator;
      const said = { id, creatorId, coacheeId: coachee.id, direction: 'out' as const, text, buttons: [] };
      tx.create(Message, { ...said, ...row });
      await tx.flush();
      await assignSeq(tx, id);
    });
    await announce(api.deps.redis, coachee.id);
    return id;
  };
  return { ...one, context, page, coachee, programSays };
};

const say = async (page: Page, text: string) => {
  await page.getByLabel('Your message').fill(text);
  await page.keyboard.press('Enter');
};

const media = (kind: MessageMedia['kind'], file: string, title: string): MessageMedia => ({
  ...{ kind, title, url: `https://media.example.org/${file}` },
});
const everyKind = [
  media('image', 'tree.svg', 'A tree at dawn'),
  media('audio', 'calm.wav', 'Two calm minutes'),
  media('video', 'walk.mp4', 'A walk in the park'),
  media('document', 'sheet.pdf', 'The worksheet'),
];

const TREE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="600" height="400" fill="#f4c095"/><circle cx="300" cy="170" r="110" fill="#3f7d58"/><rect x="280" y="250" width="40" height="150" fill="#6b4226"/></svg>';

/** Stands in for the server that the media lie on. */
const serveMedia = (page: Page) =>
  page
    .context()
    .route('https://media.example.org/**', (route) =>
      route.request().url().endsWith('.svg')
        ? route.fulfill({ contentType: 'image/svg+xml', body: TREE })
        : route.fulfill({ status: 404 }),
    );

const bubble = (page: Page, text: string) => page.locator('.message', { hasText: text });

describe('the invitation', () => {
  test('shows who invites to what, knows the time zone, and joins', async () => {
    const { creator, code } = await given();
    const page = await openPage(await openPhone(), `/join/${code}`);
    await page.getByRole('heading', { name: 'Three calm weeks' }).waitFor();
    await page.getByText('Ada Coaching invites you').waitFor();
    expect(await page.getByLabel('Your time zone').inputValue()).toMatch(/Asia\/(Kolkata|Calcutta)/);
    await page.getByLabel('Your time zone').selectOption('Europe/Lisbon');
    await page.getByLabel('What may we call you?').fill('  Mira ');
    await page.getByRole('button', { name: 'Start the chat' }).click();
    await page.getByLabel('Your message').waitFor();
    const coachee = await creator.em().findOneOrFail(Coachee, { name: 'Mira' });
    expect(coachee.timeZone).toBe('Europe/Lisbon');
    const { id } = await creator.em().findOneOrFail(Enrollment, { coacheeId: coachee.id });
    expect(api.started).toContain(id);
  });

  test('pressed twice, or sent again after a lost answer, makes one coachee', async () => {
    const { creator, code } = await given();
    const context = await openPhone();
    let lost = false;
    await context.route('**/v1/webchat/join', async (route) => {
      if (lost) return route.continue();
      lost = true;
      await route.fetch();
      return route.abort('connectionreset');
    });
    const page = await openPage(context, `/join/${code}`);
    await page.getByLabel('What may we call you?').fill('Mira');
    await page.getByRole('button', { name: 'Start the chat' }).dblclick();
    await page.getByRole('alert').getByText('did not get through').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Your message').waitFor();
    expect(await creator.em().count(Coachee, { name: 'Mira' })).toBe(1);
    expect(await creator.em().count(Identity, { channelId: creator.webChannelId })).toBe(1);
  });

  test('opened again leads straight to the chat, as does /chat', async () => {
    const { context, code, programSays } = await chatting();
    await programSays('Good morning');
    for (const path of [`/join/${code}`, '/chat']) {
      const page = await openPage(context, path);
      await bubble(page, 'Good morning').waitFor();
    }
  });

  test('of a second program takes the same person in', async () => {
    const { context, creator, coachee } = await chatting();
    const { programId } = await givenProgram(creator, {
      title: 'Better sleep',
      steps: [{ key: 'a', type: 'message', text: 'A' }],
    });
    const page = await openPage(context, `/join/${await givenJoinCode(creator, { programId })}`);
    await page.getByLabel('What may we call you?').fill('Mira');
    await page.getByRole('button', { name: 'Start the chat' }).click();
    await page.getByLabel('Your message').waitFor();
    expect(await creator.em().count(Enrollment, { coacheeId: coachee.id })).toBe(2);
  });

  test('for another person, on the same browser, is that person’s', async () => {
    const { context, creator, coachee, programId } = await chatting();
    const other = newId<Coachee['id']>();
    const { creatorId } = creator;
    await creator
      .em()
      .insert(Coachee, { ...{ id: other, creatorId, name: 'Noor', timeZone: 'UTC', traits: {}, tags: [] } });
    const page = await openPage(context, `/join/${await givenJoinCode(creator, { coacheeId: other, programId })}`);
    expect(await page.getByLabel('What may we call you?').inputValue()).toBe('Noor');
    await page.getByRole('button', { name: 'Start the chat' }).click();
    await page.getByLabel('Your message').waitFor();
    await say(page, 'This is Noor');
    await bubble(page, 'This is Noor').getByText('sent').waitFor();
    const said = await creator.em().findOneOrFail(Message, { text: 'This is Noor' });
    expect(said.coacheeId).toBe(other);
    expect(said.coacheeId).not.toBe(coachee.id);
  });

  test.each(['nonsense', 'a%00b', '%3Cscript%3E', 'x'.repeat(500)])(
    'that leads nowhere (%s) says so kindly',
    async (code) => {
      const response = await fetch(`${api.url}/join/${code}`);
      expect(response.status).toBe(404);
      const html = await response.text();
      expect(html).toContain('<h1>This link leads nowhere</h1>');
      expect(html).not.toContain(decodeURIComponent(code));
    },
  );

  test('treats names and titles as text, never as markup', async () => {
    const nasty = `"><img src=x onerror=alert(1)>&amp;'`;
    const { code } = await given({ title: nasty, name: nasty });
    const page = await openPage(await openPhone(), `/join/${code}`);
    await page.getByRole('heading', { name: nasty }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });
});

describe('the chat', () => {
  test('shows what is said on both sides, in every tab, without a reload', async () => {
    const { context, page, code, programSays } = await chatting();
    const second = await openPage(context, `/join/${code}`);
    await programSays('How was your day?\nTell me. <b>Really</b> https://example.org/x.');
    await say(page, 'It was good');
    for (const tab of [page, second]) {
      await bubble(tab, 'How was your day?').waitFor();
      await bubble(tab, 'It was good').getByText('sent').waitFor();
      expect(await bubble(tab, 'It was good').count()).toBe(1);
    }
    expect(await page.locator('.bubble b').count()).toBe(0);
    expect(await page.locator('.bubble a').getAttribute('href')).toBe('https://example.org/x');
  });

  test('takes an answer by button, once, and remembers which', async () => {
    const { page, creator, programSays } = await chatting();
    const buttons = [
      { label: 'Very well', value: 'well' },
      { label: 'Not so well', value: 'bad' },
      { label: 'Read more', url: 'https://example.org/' },
    ];
    const messageId = await programSays('How are you?', { buttons });
    await page.getByRole('button', { name: 'Not so well' }).dblclick();
    await bubble(page, 'sent').getByText('Not so well').waitFor();
    const inbound = await creator.em().find(InboundMessage, { channelId: creator.webChannelId });
    expect(inbound.map((one) => one.content)).toEqual([
      { kind: 'button', messageId, value: 'bad', label: 'Not so well' },
    ]);
    await page.reload();
    await page.getByRole('button', { name: 'Not so well', pressed: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Very well' }).isDisabled()).toBe(true);
    expect(await page.getByRole('link', { name: 'Read more' }).isVisible()).toBe(true);
  });

  test('keeps what was written without a connection, says so, and sends it once there is one', async () => {
    const { context, page, creator } = await chatting();
    await context.setOffline(true);
    await page.getByRole('status').getByText('You are offline').waitFor();
    await say(page, 'From the tunnel');
    await bubble(page, 'From the tunnel').getByText('sending…').waitFor();
    await page.close();
    await context.setOffline(false);
    const again = await openPage(context, '/chat');
    await bubble(again, 'From the tunnel').getByText('sent').waitFor();
    expect(await creator.em().count(Message, { text: 'From the tunnel' })).toBe(1);
  });

  test('outlives a restart of the server: says so, comes back, loses and doubles nothing', async () => {
    const port = Number(new URL(api.url).port);
    const { page, creator, coachee, programSays } = await chatting();
    await programSays('before');
    await bubble(page, 'before').waitFor();
    await api.stop();
    await page.getByRole('status').getByText('No connection').waitFor();
    await say(page, 'meanwhile');
    api = await startChannelApi(NO_TELEGRAM, port);
    await bubble(page, 'meanwhile').getByText('sent').waitFor();
    await page.getByRole('status').waitFor({ state: 'hidden' });
    const em = forCreator(api.deps.orm, creator.creatorId);
    expect(await em.count(Message, { coacheeId: coachee.id })).toBe(2);
  });

  test('loads older messages when one scrolls up, and stays where one reads', async () => {
    const { page, programSays } = await chatting();
    for (let index = 1; index <= 90; index += 1) await programSays(`number ${index}.`);
    await page.reload();
    await bubble(page, 'number 90.').waitFor();
    expect(await bubble(page, 'number 10.').count()).toBe(0);
    for (const text of ['number 51.', 'number 11.', 'number 1.']) {
      await page.locator('.scroller').evaluate((scroller) => {
        scroller.scrollTop = 0;
      });
      await bubble(page, text).first().waitFor();
    }
    const order = await page.locator('.bubble').allTextContents();
    expect(order).toEqual(Array.from({ length: 90 }, (_, index) => `number ${index + 1}.`));
  });

  test('of a test run is marked so, and shows the journey’s own time', async () => {
    const { page, programSays } = await chatting({ testMsPerDay: 2000 });
    await page.getByText('Test', { exact: true }).waitFor();
    await programSays('Day one', { isTest: true, localTime: 'Mon 2027-03-01T09:00:00+05:30' });
    await programSays('Day two', { isTest: true, localTime: 'Tue 2027-03-02T09:00:00+05:30' });
    await bubble(page, 'Day two')
      .getByText(/Tue.* 2 Mar.*09:00/)
      .waitFor();
    expect(await page.locator('.day').allTextContents()).toEqual(['Monday 1 March', 'Tuesday 2 March']);
  });

  test('leads on to Telegram, with a code of the coachee’s own', async () => {
    const one = await given();
    await givenChannel(one.creator, 'telegram', { settings: { botUsername: 'ada_bot' } });
    const context = await openPhone();
    await context.route('https://t.me/**', (route) => route.fulfill({ body: 'Telegram' }));
    const page = await openPage(context, `/join/${one.code}`);
    await page.getByLabel('What may we call you?').fill('Mira');
    await page.getByRole('button', { name: 'Start the chat' }).click();
    await page.getByRole('button', { name: 'Continue on Telegram' }).click();
    await page.waitForURL(/^https:\/\/t\.me\/ada_bot\?start=[\w-]{20,64}$/);
    await one.creator.em().nativeDelete(Channel, { kind: 'telegram' });
  });
});

describe('media', () => {
  test('are shown, played and linked, each with its title in words', async () => {
    const { page, programSays } = await chatting();
    await serveMedia(page);
    await programSays('Two minutes under a tree', { media: everyKind });
    const tree = page.getByRole('img', { name: 'A tree at dawn' });
    await tree.waitFor();
    await expect
      .poll(() => tree.evaluate((node) => ('naturalWidth' in node ? Number(node.naturalWidth) : 0)))
      .toBeGreaterThan(0);
    for (const tag of ['audio', 'video']) {
      const player = page.locator(tag);
      expect(await player.getAttribute('controls')).not.toBeNull();
      expect(await player.getAttribute('aria-label')).toBeTruthy();
    }
    await page.getByText('Two calm minutes').waitFor();
    const link = page.getByRole('link', { name: 'The worksheet' });
    expect(await link.getAttribute('href')).toBe('https://media.example.org/sheet.pdf');
    const scroller = page.locator('.scroller');
    await expect
      .poll(() => scroller.evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight))
      .toBeLessThan(2);
  });

  test('come from https alone, and only where there is a chat', async () => {
    const { code } = await given();
    const policyOf = async (path: string) =>
      (await fetch(`${api.url}${path}`)).headers.get('content-security-policy') ?? '';
    for (const path of ['/chat', `/join/${code}`]) {
      expect(await policyOf(path)).toContain("img-src 'self' data: https:;");
      expect(await policyOf(path)).toContain('media-src https:');
    }
    for (const path of ['/join/nonsense', '/sign-in']) expect(await policyOf(path)).not.toContain('https:');
  });
});

describe('the page', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const faults = (page: Page) =>
    page.evaluate(async (source) => {
      const run = new Function(`${source}; return window.axe.run(document);`) as () => Promise<{
        violations: { id: string; nodes: { html: string }[] }[];
      }>;
      const { violations } = await run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
    }, axe);

  test.each(['light', 'dark'] as const)('is accessible in %s: names, roles, contrast', async (colorScheme) => {
    const { code } = await given();
    const invitation = await openPage(await openPhone({ colorScheme, bypassCSP: true }), `/join/${code}`);
    await invitation.getByRole('button', { name: 'Start the chat' }).waitFor();
    expect(await faults(invitation)).toEqual([]);
    const { page, programSays } = await chatting({ testMsPerDay: 2000, look: { colorScheme, bypassCSP: true } });
    const buttons = [
      { label: 'Well', value: 'well' },
      { label: 'Badly', value: 'bad' },
    ];
    await serveMedia(page);
    await programSays('How are you?', { buttons, media: everyKind });
    await page.getByRole('button', { name: 'Well' }).click();
    await bubble(page, 'sent').waitFor();
    await page.waitForTimeout(300);
    expect(await faults(page)).toEqual([]);
  });

  test('can be used with the keyboard alone', async () => {
    const { page, programSays } = await chatting();
    await programSays('How are you?', { buttons: [{ label: 'Well', value: 'well' }] });
    const well = page.getByRole('button', { name: 'Well' });
    await well.waitFor();
    await page.keyboard.press('Shift+Tab');
    for (let steps = 0; steps < 6 && !(await well.evaluate((node) => node.matches(':focus'))); steps += 1) {
      await page.keyboard.press('Shift+Tab');
    }
    await page.keyboard.press('Enter');
    await bubble(page, 'sent').getByText('Well').waitFor();
  });

  test('is small, cached for good by its content, and allows no inline script', async () => {
    const { code } = await given();
    const html = await fetch(`${api.url}/join/${code}`);
    const text = await html.text();
    expect(html.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(html.headers.get('content-security-policy')).not.toContain('unsafe');
    const paths = [...text.matchAll(/(?:src|href)="(\/webchat\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(paths).toHaveLength(2);
    let bytes = text.length;
    for (const path of paths) {
      const asset = await fetch(`${api.url}${path}`);
      expect(asset.headers.get('cache-control')).toContain('immutable');
      bytes += (await asset.arrayBuffer()).byteLength;
    }
    expect(bytes).toBeLessThan(60 * 1024);
    expect((await fetch(`${api.url}/webchat/main-other.js`)).status).toBe(404);
  });
});
