/** Joining the web chat over HTTP. */
import { z } from 'zod';
import { timeZone } from './channels.ts';
import { coacheeId, enrollmentId } from './ids.ts';
import { sessionToken } from './realtime.ts';

export const webchatJoin = z
  .strictObject({
    code: z.string().regex(/^[\w-]{1,64}$/, 'is not a join code'),
    name: z.string().trim().min(1).max(100),
    timeZone,
    /**
     * The browser's session: one that it has at this creator, or 256 random bits that it has just drawn, so that a repeat after a lost answer is the same
     * person. Without it the server draws one.
     */
    token: sessionToken.optional(),
  })
  .meta({ id: 'WebchatJoin' });

export const webchatJoined = z
  .object({
    token: sessionToken,
    coacheeId,
    enrollmentId: enrollmentId.nullable(),
    /** `joined` a program now, `linked` one more browser, or `alreadyIn`. */
    outcome: z.enum(['joined', 'linked', 'alreadyIn']),
  })
  .meta({ id: 'WebchatJoined' });
