/** Requests and answers of `/v1/channels`. */
import { z } from 'zod';
import { CHANNEL_KINDS } from '../domain/channels/deliveries.ts';
import { isTimeZone } from '../domain/time-zone.ts';
import { email } from './accounts.ts';
import { pageOf } from './http.ts';
import { channelId, coacheeId } from './ids.ts';

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

export const newEmailChannel = z
  .strictObject({
    kind: z.literal('email'),
    name: z.string().trim().min(1).max(100).default('Email'),
    /** Of SendGrid; it needs to be allowed to send mail. */
    apiKey: z.string().regex(/^SG\.[\w-]{10,50}\.[\w-]{20,100}$/, 'is not an API key as SendGrid gives them'),
    /** A sender that the account has verified. */
    from: z.strictObject({ email, name: z.string().trim().min(1).max(100).optional() }),
  })
  .meta({ id: 'NewEmailChannel' });
export type NewEmailChannel = z.output<typeof newEmailChannel>;

export const newChannel = z.discriminatedUnion('kind', [newTelegramChannel, newEmailChannel]);

/** PUT /v1/coachees/:id/email. */
export const putEmailAddress = z.strictObject({ email }).meta({ id: 'PutEmailAddress' });
export const emailAddress = z.object({ coacheeId, channelId, email: z.string() }).meta({ id: 'EmailAddress' });

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
    email: z.object({ from: z.object({ email: z.string(), name: z.string().nullable() }) }).nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Channel' });
export type ChannelView = z.output<typeof channel>;

export const channelPage = pageOf('Channel', channel);
