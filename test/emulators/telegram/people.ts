/** What a test makes people do: write, press, send a picture, edit, block. Each becomes an update for the bot. */
import { z } from 'zod';
import { addMessage, addUpdate, asApiMessage, asApiUser, type Bot, chatOf } from './world.ts';

export const action = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('send'),
    chat: z.number(),
    text: z.string(),
    firstName: z.string().optional(),
    languageCode: z.string().optional(),
  }),
  z.object({ do: z.literal('sendSticker'), chat: z.number() }),
  z.object({ do: z.literal('edit'), chat: z.number(), text: z.string() }),
  z.object({ do: z.literal('press'), chat: z.number(), messageId: z.number(), button: z.string() }),
  z.object({ do: z.literal('block'), chat: z.number() }),
  z.object({ do: z.literal('unblock'), chat: z.number() }),
  /** The same update once more, as Telegram does when it missed our 200. */
  z.object({ do: z.literal('redeliver'), updateId: z.number() }),
]);
export type Action = z.infer<typeof action>;

const setBlocked = (bot: Bot, chatId: number, blocked: boolean) => {
  const chat = chatOf(bot, chatId);
  chat.blocked = blocked;
  return addUpdate(bot, {
    my_chat_member: {
      chat: { id: chat.id, type: 'private' },
      from: asApiUser(chat),
      new_chat_member: { status: blocked ? 'kicked' : 'member' },
    },
  });
};

const press = (bot: Bot, { chat: chatId, messageId, button }: Extract<Action, { do: 'press' }>) => {
  const chat = chatOf(bot, chatId);
  const message = chat.messages.find((one) => one.messageId === messageId);
  const pressed = message?.buttons.find((one) => one.text === button);
  if (!message || pressed?.callback_data === undefined) throw new Error(`message ${messageId} has no button ${button}`);
  const id = `${bot.id}${bot.callbacks.size + 1}`;
  bot.callbacks.set(id, { answered: false });
  const on = asApiMessage(bot, chat, message);
  return addUpdate(bot, { callback_query: { id, from: asApiUser(chat), message: on, data: pressed.callback_data } });
};

const write = (bot: Bot, wanted: Extract<Action, { do: 'send' }>) => {
  const { firstName, languageCode } = wanted;
  const chat = chatOf(bot, wanted.chat, {
    ...(firstName !== undefined && { firstName }),
    ...(languageCode !== undefined && { languageCode }),
  });
  chat.started = true;
  chat.blocked = false;
  return addUpdate(bot, { message: asApiMessage(bot, chat, addMessage(bot, chat, 'user', wanted.text)) });
};

const sendSticker = (bot: Bot, chatId: number) => {
  const chat = chatOf(bot, chatId);
  const { text: _, ...message } = asApiMessage(bot, chat, addMessage(bot, chat, 'user', ''));
  return addUpdate(bot, { message: { ...message, sticker: { file_id: 'x', width: 1, height: 1 } } });
};

const edit = (bot: Bot, chatId: number, text: string) => {
  const chat = chatOf(bot, chatId);
  const last = chat.messages.findLast((one) => one.from === 'user');
  if (!last) throw new Error('nothing to edit');
  last.text = text;
  return addUpdate(bot, { edited_message: asApiMessage(bot, chat, last) });
};

/** Does it; gives the update's id. */
export const act = (bot: Bot, wanted: Action): number => {
  switch (wanted.do) {
    case 'send':
      return write(bot, wanted).update_id;
    case 'sendSticker':
      return sendSticker(bot, wanted.chat).update_id;
    case 'edit':
      return edit(bot, wanted.chat, wanted.text).update_id;
    case 'press':
      return press(bot, wanted).update_id;
    case 'block':
    case 'unblock':
      return setBlocked(bot, wanted.chat, wanted.do === 'block').update_id;
    case 'redeliver': {
      const again = bot.history.find((one) => one.update_id === wanted.updateId);
      if (!again) throw new Error(`no update ${wanted.updateId}`);
      bot.updates.unshift({ update: again, atMs: Date.now() });
      bot.poll?.wake();
      return wanted.updateId;
    }
  }
};
