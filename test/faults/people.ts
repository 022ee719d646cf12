/** Creators with bots, and the people who join their program on Telegram and answer its questions, whatever happens to the worker. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Enrollment, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import { givenProgram } from '../support/factories.ts';
import { type GivenTelegram, givenJoinCode, givenTelegram } from '../support/telegram.ts';
import type { FaultWorld } from './world.ts';

/** A message and a question in one go, an answer that comes back in a message, a trait that is set, and a wait. */
const PROGRAM = {
  title: 'Five quiet minutes',
  steps: [
    { key: 'hello', type: 'message', text: 'Hello {{coachee.name}}, welcome.' },
    {
      key: 'mood',
      type: 'ask',
      text: 'How are you, {{coachee.name}}?',
      answer: {
        kind: 'choice',
        options: [
          { value: 'calm', label: 'Calm' },
          { value: 'lively', label: 'Lively' },
        ],
      },
    },
    { key: 'kept', type: 'set', trait: 'told', value: true },
    { key: 'breath', type: 'wait', for: { seconds: 2 } },
    { key: 'bye', type: 'message', text: 'You were {{answers.mood}}. Goodbye {{coachee.name}}.' },
  ],
};
/** Keys of the steps that send, in their order. */
export const SENDING = ['hello', 'mood', 'bye'];

export interface Person {
  creator: GivenTelegram;
  code: string;
  /** Their chat with the bot, which is also their address. */
  chat: number;
  mood: 'Calm' | 'Lively';
  /** Answers in words rather than by a button. */
  writes: boolean;
}

const FIRST_CHAT = 10_000;

/** As many creators, each with a bot, the program and its join code; people are spread over them. */
export const givenPeople = async (world: FaultWorld, count: number, creators: number): Promise<Person[]> => {
  const owners = await Promise.all(
    Array.from({ length: creators }, async () => {
      const creator = await givenTelegram({ orm: world.orm, vault: world.vault, url: world.config.TELEGRAM_API_ROOT });
      const { programId } = await givenProgram(creator, PROGRAM);
      return { creator, code: await givenJoinCode(creator, { programId }) };
    }),
  );
  return Array.from({ length: count }, (_, index) => ({
    ...(owners[index % creators] as (typeof owners)[number]),
    chat: FIRST_CHAT + index,
    mood: index % 2 === 0 ? 'Calm' : 'Lively',
    writes: index % 4 < 2,
  }));
};

/** Opens the invitation link. */
export const joins = ({ creator, code, chat }: Person): Promise<number> =>
  creator.bot.userSends(chat, `/start ${code}`);

export const creatorsOf = (people: Person[]): GivenTelegram[] => [...new Set(people.map(({ creator }) => creator))];

/** How many of these people have not come to the end of their journey. */
export const unfinished = async (people: Person[]): Promise<number> => {
  const finished = await Promise.all(
    creatorsOf(people).map(({ em }) => em().count(Enrollment, { status: 'finished' })),
  );
  return people.length - finished.reduce((sum, count) => sum + count, 0);
};

/** So long may nothing at all happen: longer than an activity of a killed worker is waited for, twice. */
const STILL_MS = 90_000;

/** Waits until everybody has finished; throws when nothing has happened in any journey for too long. */
export const untilAllHaveFinished = async (people: Person[]): Promise<void> => {
  let last = { entries: -1, atMs: Date.now() };
  while ((await unfinished(people)) > 0) {
    const counts = await Promise.all(creatorsOf(people).map(({ em }) => em().count(TimelineEntry, {})));
    const entries = counts.reduce((sum, count) => sum + count, 0);
    if (entries !== last.entries) last = { entries, atMs: Date.now() };
    if (Date.now() - last.atMs > STILL_MS) throw new Error(`${await unfinished(people)} journeys do not go on`);
    await sleep(500);
  }
};

/** Answers the question of each of these people once: when it was sent, or unasked where nobody can know whether it was. */
export const answerQuestions = (people: Person[]) => {
  const byAddress = new Map(people.map((person) => [String(person.chat), person]));
  const creators = creatorsOf(people);
  const stopping = new AbortController();
  const look = async (creator: GivenTelegram): Promise<void> => {
    for (const address of await withOpenQuestion(creator)) {
      const person = byAddress.get(address);
      byAddress.delete(address);
      if (person) await answer(person);
    }
  };
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await Promise.all(creators.map(look));
      await sleep(300);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await looking;
    },
  };
};

/** Addresses of those whose question was sent, for all that anybody can know. */
const withOpenQuestion = async ({ em }: GivenTelegram): Promise<string[]> => {
  const rows = await em().execute<{ address: string }[]>(
    `select i.address from deliveries d join identities i on i.id = d.identity_id
     where d.key like '%/mood/1' and d.status in ('sent', 'ambiguous')`,
  );
  return rows.map(({ address }) => address);
};

/** By the button where the question is there to be seen, else in words; those who write do that anyway. */
const answer = async ({ creator: { bot }, chat, mood, writes }: Person): Promise<void> => {
  const question = (await bot.transcript(chat)).find(({ buttons }) => buttons.some(({ text }) => text === mood));
  await (question && !writes ? bot.userPresses(chat, question.messageId, mood) : bot.userSends(chat, mood));
};
