/** The emulator's control, over HTTP, so that it works alike whether the emulator lives in the test's process or in one of its own. */
import type { Order } from './control.ts';
import type { Action } from './people.ts';
import type { ChatMessage, SendRecord, Webhook } from './world.ts';

interface Look {
  username: string;
  commands: { command: string; description: string }[];
  webhook: Webhook | null;
  lastWebhookError: string | null;
  pending: number;
  sends: SendRecord[];
  chats: number[];
  /** Pressed buttons whose spinner nobody ended. */
  unanswered: number;
}

const command = async <T>(url: string, order: Order): Promise<T> => {
  const response = await fetch(`${url}/control`, { method: 'POST', body: JSON.stringify(order) });
  const { result, error } = (await response.json()) as { result: T; error?: string };
  if (error !== undefined) throw new Error(error);
  return result;
};

/** Makes a bot on the emulator at `url`, and gives what a test does with it. */
export const createTelegramBot = async (url: string, username = 'cairn_test_bot') => {
  const { token } = await command<{ token: string }>(url, { order: 'bot', username });
  const act = (action: Action): Promise<number> => command(url, { order: 'act', token, action });
  return {
    token,
    username,
    /** Each gives the id of the update that it caused. */
    userSends: (chat: number, text: string, person: { firstName?: string; languageCode?: string } = {}) =>
      act({ do: 'send', chat, text, ...person }),
    userSendsSticker: (chat: number) => act({ do: 'sendSticker', chat }),
    userEdits: (chat: number, text: string) => act({ do: 'edit', chat, text }),
    userPresses: (chat: number, messageId: number, button: string) => act({ do: 'press', chat, messageId, button }),
    block: (chat: number) => act({ do: 'block', chat }),
    unblock: (chat: number) => act({ do: 'unblock', chat }),
    /** Confirms this update and all before it, as the bot does when it has stored them. */
    confirm: async (updateId: number) => {
      await fetch(`${url}/bot${token}/getUpdates`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ offset: updateId + 1, timeout: 0 }),
      });
    },
    redeliver: (updateId: number) => act({ do: 'redeliver', updateId }),
    /** The next call of `method` (sendMessage) fails so, after or before the message was taken. */
    failNext: (kind: 'hang' | 'reset' | '500', afterAccepting: boolean, method = 'sendMessage') =>
      command<number>(url, { order: 'failNext', token, kind, afterAccepting, method }),
    /** Webhook mode: deliver each of the next `twice` updates twice; deliver the next two in the wrong order. */
    mischief: (wanted: { twice?: number; swap?: boolean }) =>
      command<null>(url, { order: 'mischief', token, ...wanted }),
    /** These people have started the bot, which knows it: nothing is left for it to fetch. */
    meets: (chats: number[]) => command<null>(url, { order: 'meet', token, chats }),
    /** When the bot's messages came to each chat: `[chat, [Unix ms, ...]]`. */
    arrivals: () => command<[number, number[]][]>(url, { order: 'arrivals', token }),
    look: () => command<Look>(url, { order: 'look', token }),
    transcript: (chat: number) => command<ChatMessage[]>(url, { order: 'transcript', token, chat }),
  };
};
export type EmulatedBot = Awaited<ReturnType<typeof createTelegramBot>>;
