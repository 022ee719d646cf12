/** What a message carries beside its text, as answers show it. */
import { z } from 'zod';
import { MEDIA_KINDS } from '../domain/journeys/messages.ts';

export const messageButton = z.union([
  z.object({ label: z.string(), value: z.string() }),
  z.object({ label: z.string(), url: z.string() }),
]);

export const messageMedia = z
  .object({
    kind: z.enum(MEDIA_KINDS),
    url: z.string(),
    title: z.string().meta({ description: 'What it is, for those who cannot see or hear it' }),
  })
  .meta({ id: 'MessageMedia' });
