/** Creators with bots, and the people who join their program on Telegram and answer its questions, whatever happens to the worker. */
import type { Delivery } from '../../shared/db/entities/channels.ts';
import { Delivery as DeliveryEntity, Identity } from '../../shared/db/entities/channels.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { givenProgram } from '../support/factories.ts';
import { type GivenTelegram, givenJoinCode, givenTelegram } from '../support/telegram.ts';
import type { FaultWorld } from './world.ts';

/** Two messages in a row, waits of seconds, a question in words and one with buttons. */
export const PROGRAM = {
  title: 'Five quiet minutes',
  steps: [
    { key: 'hello', type: 'message', text: 'Hello {{coachee.name}}, welcome.' },
    { key: 'goal', type: 'ask', text: 'What is your goal?', answer: { kind: 'text' } },
    { key: 'breath', type: 'wait', for: { seconds: 2 } },
    { key: 'nudge', type: 'message', text: 'Remember: {{answers.goal}}' },
    { key: 'rest', type: 'wait', for: { seconds: 3 } },
    {
      key: 'mood',
      type: 'ask',
      text: 'How was it?',
      answer: {
        kind: 'choice',
        options: [
          { value: 'calm', label: 'Calm' },
          { value: 'lively', label: 'Lively' },
        ],
      },
    },
    { key: 'kept', type: 'set', trait: 'mood', value: 'told' },
    { key: 'recap', type: 'message', text: 'You wanted {{answers.goal}} and felt {{answers.mood}}.' },
    { key: 'pause', type: 'wait', for: { seconds: 2 } },
    { key: 'bye', type: 'message', text: 'Goodbye {{coachee.name}}.' },
  ],
};
/** Keys of the steps that send, in their order. */
export const SENDING = ['hello', 'goal', 'nudge', 'mood', 'recap', 'bye'];

export interface Person {
  creator: GivenTelegram;
  code: string;
  /** Their chat with the bot, which is also their address. */
  chat: number;
  goal: string;
  mood: 'Calm' | 'Lively';
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
    goal: `goal ${FIRST_CHAT + index}`,
    mood: index % 2 === 0 ? 'Calm' : 'Lively',
  }));
};

/** Opens the invitation link. */
export const joins = ({ creator, code, chat }: Person): Promise<number> =>
  creator.bot.userSends(chat, `/start ${code}`);

/** Answers every question of these people once, as soon as it was sent; or unasked, where nobody can know whether it was. */
export const answerQuestions = (people: Person[]) => {
  const byChat = new Map(people.map((person) => [person.chat, person]));
  const creators = [...new Set(people.map(({ creator }) => creator))];
  const answered = new Set<string>();
  const stopping = new AbortController();
  const look = async (creator: GivenTelegram): Promise<void> => {
    for (const { chat, stepKey, key } of await openQuestions(creator)) {
      const person = byChat.get(chat);
      if (!person || answered.has(key)) continue;
      answered.add(key);
      await answer(person, stepKey);
    }
  };
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await Promise.all(creators.map(look));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await looking;
    },
  };
};

const openQuestions = async ({ em }: GivenTelegram) => {
  const fork = em();
  const questions = await fork.find(Message, { stepKey: { $in: ['goal', 'mood'] }, direction: 'out' });
  const settled = await fork.find(DeliveryEntity, {
    messageId: { $in: questions.map(({ id }) => id) },
    status: { $in: ['sent', 'ambiguous'] },
  });
  const identities = await fork.find(Identity, {});
  const chatOf = new Map(identities.map(({ coacheeId, address }) => [coacheeId, Number(address)]));
  const stepOf = new Map(questions.map(({ id, stepKey }) => [id, stepKey]));
  return settled.map(({ key, messageId, coacheeId }: Delivery) => ({
    key,
    chat: chatOf.get(coacheeId) ?? 0,
    stepKey: stepOf.get(messageId) ?? '',
  }));
};

/** In words; the second question by its button, if it is there to be pressed. */
const answer = async ({ creator: { bot }, chat, goal, mood }: Person, stepKey: string): Promise<void> => {
  if (stepKey === 'goal') return void (await bot.userSends(chat, goal));
  const question = (await bot.transcript(chat)).find(({ buttons }) => buttons.some(({ text }) => text === mood));
  await (question ? bot.userPresses(chat, question.messageId, mood) : bot.userSends(chat, mood));
};
