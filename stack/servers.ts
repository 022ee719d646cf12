import { chroma } from './chroma.ts';
import { ollama } from './ollama.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { s3 } from './s3.ts';
import type { Server } from './server.ts';
import { temporal } from './temporal.ts';

/** Every server of the stack, in the order in which they are told of. */
export const SERVERS: readonly Server[] = [postgres, temporal, redis, chroma, ollama, s3];
