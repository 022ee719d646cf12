/**
 * A Telegram of our own: a real HTTP server, as strict as channel-rules.md and the Bot API's documentation. Tests start it in their own
 * process or, where it must outlive a killed worker, alone: `node test/emulators/telegram.ts --port 8443 [--per-chat 100 --per-bot 1000]`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { type Answer, answerCall } from './telegram/bot-api.ts';
import { obey } from './telegram/control.ts';
import { createRates, type Rates } from './telegram/rates.ts';
import { deliverToWebhooks } from './telegram/webhooks.ts';
import type { Bot } from './telegram/world.ts';

export interface TelegramEmulator {
  /** What TELEGRAM_API_ROOT is set to. */
  url: string;
  stop(): Promise<void>;
}

export interface TelegramEmulatorOptions {
  /** 0: any free port. */
  port?: number;
  perChatPerSecond?: number;
  perBotPerSecond?: number;
}

const refuse = (status: number, description: string): Answer => ({
  status,
  body: { ok: false, error_code: status, description },
});

const answerBot = async (bots: Map<string, Bot>, rates: Rates, path: string, body: unknown): Promise<Answer> => {
  const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
  if (!/^\d+:[\w-]{35,}$/.test(token)) return refuse(404, 'Not Found');
  const bot = bots.get(token);
  return bot ? await answerCall(bot, method, body, rates) : refuse(401, 'Unauthorized');
};

const control = (bots: Map<string, Bot>, body: unknown): Answer => {
  try {
    return { status: 200, body: { result: obey(bots, body) ?? null } };
  } catch (error) {
    return { status: 400, body: { error: String(error) } };
  }
};

const reply = (response: ServerResponse, answer: Answer): void => {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
};

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  try {
    return await json(request);
  } catch {
    return {};
  }
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** Starts one; bots are made by the control client (telegram/client.ts). */
export const startTelegramEmulator = async (options: TelegramEmulatorOptions = {}): Promise<TelegramEmulator> => {
  const bots = new Map<string, Bot>();
  const rates = createRates(options);
  const server = createServer((request, response) => {
    void readBody(request).then(async (body) => {
      const { pathname } = new URL(request.url ?? '/', 'http://telegram');
      reply(response, pathname === '/control' ? control(bots, body) : await answerBot(bots, rates, pathname, body));
    });
  });
  const port = await listen(server, options.port ?? 0);
  const stopping = new AbortController();
  const delivering = deliverToWebhooks(bots, stopping.signal);
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      stopping.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, delivering]);
    },
  };
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      'per-chat': { type: 'string' },
      'per-bot': { type: 'string' },
      'until-input-ends': { type: 'boolean' },
    },
  });
  // Whoever started it holds its input: however that process ends, this one ends with it.
  if (values['until-input-ends']) process.stdin.resume().on('end', () => process.exit());
  const { url } = await startTelegramEmulator({
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values['per-chat'] !== undefined && { perChatPerSecond: Number(values['per-chat']) }),
    ...(values['per-bot'] !== undefined && { perBotPerSecond: Number(values['per-bot']) }),
  });
  console.log(`Telegram is emulated at ${url}`);
}
