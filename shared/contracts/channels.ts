/** Requests and answers of `/v1/channels`. */
import { z } from 'zod';
import { CHANNEL_KINDS } from '../domain/channels/deliveries.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { pageOf } from './http.ts';
import { channelId } from './ids.ts';

/** An IANA time zone that this machine knows. */
export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'is not an IANA time zone, e.g. Europe/Berlin')
  .meta({ example: 'Europe/Berlin' });

export const newTelegramChannel = z
  .strictObject({
    kind: z.literal('telegram'),
    name: z.string().trim().min(1).max(100),
    /** As BotFather gives it. */
    token: z.string().regex(/^\d{5,20}:[\w-]{30,100}$/, 'is not a bot token as BotFather gives them'),
    /** `webhook` needs a PUBLIC_URL that Telegram reaches over HTTPS; `polling` needs nothing. */
    mode: z.enum(['webhook', 'polling']),
    /** What new coachees start with where nothing else tells theirs. */
    timeZone: timeZone.optional(),
  })
  .meta({ id: 'NewTelegramChannel' });
export type NewTelegramChannel = z.output<typeof newTelegramChannel>;

/** A channel; secrets are never shown again. */
export const channel = z
  .object({
    id: channelId,
    kind: z.enum(CHANNEL_KINDS),
    name: z.string(),
    telegram: z
      .object({
        botUsername: z.string(),
        mode: z.string(),
        timeZone: z.string().nullable(),
        /** Where people open the bot. */
        link: z.url(),
      })
      .nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Channel' });
export type ChannelView = z.output<typeof channel>;

export const channelPage = pageOf('Channel', channel);
