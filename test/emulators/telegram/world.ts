/** What the emulated Telegram knows: bots, the people who write to them, what was said, and what waits to be fetched. */

export interface Button {
  text: string;
  url?: string;
  callback_data?: string;
}

export interface ChatMessage {
  messageId: number;
  from: 'bot' | 'user';
  text: string;
  buttons: Button[];
  /** Sent by URL; then `text` is its caption. */
  media?: { kind: string; url: string };
  atMs: number;
}

/** A private chat of one person with one bot. */
export interface Chat {
  id: number;
  firstName: string;
  languageCode: string | undefined;
  /** Bots cannot write first: true once the person has written. */
  started: boolean;
  blocked: boolean;
  messages: ChatMessage[];
}

export interface Update {
  update_id: number;
  [kind: string]: unknown;
}

/** One call of sendMessage, sendPhoto or their siblings as it came in, and what it was answered. */
export interface SendRecord {
  atMs: number;
  body: Record<string, unknown>;
  /** HTTP status answered; 0 when the emulator hung up or stayed silent on purpose. */
  status: number;
  /** Whether the chat has the message, whatever was answered. */
  accepted: boolean;
}

/** A fault of the next call of `method`, after or before Telegram has taken it. */
export interface Fault {
  kind: 'hang' | 'reset' | '500';
  afterAccepting: boolean;
  method: string;
}

export interface Webhook {
  url: string;
  secretToken: string | undefined;
}

export interface Bot {
  id: number;
  token: string;
  username: string;
  commands: { command: string; description: string }[];
  webhook: Webhook | null;
  lastWebhookError: string | null;
  updates: { update: Update; atMs: number }[];
  /** Every update there ever was. */
  history: Update[];
  nextUpdateId: number;
  chats: Map<number, Chat>;
  nextMessageId: number;
  callbacks: Map<string, { answered: boolean }>;
  sends: SendRecord[];
  faults: Fault[];
  /** Deliver each of the next n updates twice, or the next two in the wrong order (webhook mode). */
  twice: number;
  swap: boolean;
  /** Ends the long poll that is under way; `conflict` when another one took over. */
  poll: { wake: () => void; conflict: boolean } | null;
}

export const createBot = (token: string, username: string): Bot => ({
  id: Number(token.split(':')[0]),
  token,
  username,
  commands: [],
  webhook: null,
  lastWebhookError: null,
  updates: [],
  history: [],
  nextUpdateId: 100_000,
  chats: new Map(),
  nextMessageId: 1,
  callbacks: new Map(),
  sends: [],
  faults: [],
  twice: 0,
  swap: false,
  poll: null,
});

const KEPT_MS = 24 * 3_600_000;

/** Updates not yet confirmed; those older than 24 hours are gone. */
export const pendingUpdates = (bot: Bot, nowMs: number): Update[] => {
  bot.updates = bot.updates.filter((one) => nowMs - one.atMs < KEPT_MS);
  return bot.updates.map((one) => one.update);
};

/** Confirms every update before `offset`. */
export const confirmBefore = (bot: Bot, offset: number): void => {
  bot.updates = bot.updates.filter((one) => one.update.update_id >= offset);
};

export const addUpdate = (bot: Bot, content: Record<string, unknown>): Update => {
  const update: Update = { update_id: bot.nextUpdateId++, ...content };
  bot.updates.push({ update, atMs: Date.now() });
  bot.history.push(update);
  bot.poll?.wake();
  return update;
};

/** The chat of a person, made at the first use. */
export const chatOf = (bot: Bot, chatId: number, person: { firstName?: string; languageCode?: string } = {}): Chat => {
  const known = bot.chats.get(chatId);
  if (known) return Object.assign(known, person);
  const chat: Chat = {
    id: chatId,
    firstName: person.firstName ?? `Person ${chatId}`,
    languageCode: person.languageCode,
    started: false,
    blocked: false,
    messages: [],
  };
  bot.chats.set(chatId, chat);
  return chat;
};

export const addMessage = (
  bot: Bot,
  chat: Chat,
  from: 'bot' | 'user',
  text: string,
  buttons: Button[] = [],
  media?: ChatMessage['media'],
): ChatMessage => {
  const said = { from, text, buttons, ...(media && { media }) };
  const message: ChatMessage = { messageId: bot.nextMessageId++, ...said, atMs: Date.now() };
  chat.messages.push(message);
  return message;
};

/** A message as the Bot API shows it. */
export const asApiMessage = (bot: Bot, chat: Chat, message: ChatMessage) => ({
  message_id: message.messageId,
  date: Math.floor(message.atMs / 1000),
  chat: { id: chat.id, type: 'private', first_name: chat.firstName },
  from:
    message.from === 'user'
      ? asApiUser(chat)
      : { id: bot.id, is_bot: true, first_name: bot.username, username: bot.username },
  text: message.media ? undefined : message.text,
  ...(message.media && { caption: message.text, [message.media.kind]: {} }),
});

export const asApiUser = (chat: Chat) => ({
  id: chat.id,
  is_bot: false,
  first_name: chat.firstName,
  ...(chat.languageCode !== undefined && { language_code: chat.languageCode }),
});
