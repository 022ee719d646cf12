/** An emulated Telegram in a process of its own: it outlives every worker, and takes no time from the process that measures. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Raised for fault tests, so that faults set the pace. */
export const FAST_RATES = { perChat: 100, perBot: 1000 };

export interface TelegramProcess {
  /** What TELEGRAM_API_ROOT is set to. */
  url: string;
  stop: () => Promise<void>;
}

/** Starts it with Telegram's own rates, or raised ones (messages a second). */
export const startTelegramProcess = async (
  rates: { perChat?: number; perBot?: number } = {},
): Promise<TelegramProcess> => {
  const entry = fileURLToPath(new URL('../emulators/telegram.ts', import.meta.url));
  const args = [
    ...(rates.perChat === undefined ? [] : ['--per-chat', String(rates.perChat)]),
    ...(rates.perBot === undefined ? [] : ['--per-bot', String(rates.perBot)]),
  ];
  const child = spawn(process.execPath, [entry, '--port', '0', '--until-input-ends', ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url: line.slice(line.indexOf('http')),
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
};
