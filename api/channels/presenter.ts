import type { ChannelView } from '../../shared/contracts/channels.ts';
import type { Channel } from '../../shared/db/entities/channels.ts';

/** A channel as the API shows it: without its secret. */
export const presentChannel = ({ id, kind, name, settings, createdAt }: Channel): ChannelView => {
  const { botUsername, mode, timeZone, fromEmail, fromName } = settings;
  const telegram =
    kind === 'telegram' && botUsername && mode
      ? { botUsername, mode, timeZone: timeZone ?? null, link: `https://t.me/${botUsername}` }
      : null;
  const email = kind === 'email' && fromEmail ? { from: { email: fromEmail, name: fromName ?? null } } : null;
  return { id, kind, name, telegram, email, createdAt: createdAt.toISOString() };
};
