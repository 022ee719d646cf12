/**
 * The codec server: lets the Temporal UI show payloads to an ops engineer who is signed in, and writes down that it did
 * (https://docs.temporal.io/production-deployment/data-encryption: POST /decode and /encode with `{payloads}`, called by the browser across origins).
 */
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { Context } from 'koa';
import { z } from 'zod';
import type { CreatorId } from '../../shared/contracts/ids.ts';
import { parseKeyRing } from '../../shared/crypto/key-ring.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { invalid } from '../../shared/errors.ts';
import { audit } from '../../shared/services/audit.ts';
import { createPayloadCodec } from '../../temporal/codec.ts';
import { requireSession } from '../accounts/session.ts';
import type { AppParts } from '../app-parts.ts';
import { readBody } from '../http/body.ts';
import { type Page, page } from '../http/route.ts';

/** What ops do belongs to no creator. */
const PLATFORM = '00000000-0000-0000-0000-000000000000' as CreatorId;

const payloadsBody = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), z.base64()).default({}), data: z.base64().default('') }))
    .max(1000),
});

type Direction = 'decode' | 'encode';

export const codecPages = (parts: AppParts): Page[] => {
  const codec = createPayloadCodec(parseKeyRing(parts.config.CAIRN_ENCRYPTION_KEYS));
  return (['decode', 'encode'] as const).flatMap((direction) => [
    page({
      method: 'options',
      path: `/codec/${direction}`,
      limit: 'none',
      handle: async (ctx) => {
        allowTemporalUi(parts, ctx);
        ctx.status = 204;
      },
    }),
    page({
      method: 'post',
      path: `/codec/${direction}`,
      // The UI asks for each event of a history apart; who is not signed in is turned away before anything is read.
      limit: 'none',
      handle: async (ctx) => {
        allowTemporalUi(parts, ctx);
        ctx.body = await translate(parts, ctx, codec, direction);
      },
    }),
  ]);
};

/** Lets the Temporal UI's origin, and no other, read the answer and send the session's cookie. */
const allowTemporalUi = ({ config }: AppParts, ctx: Context): void => {
  ctx.set({
    'Access-Control-Allow-Origin': new URL(config.TEMPORAL_UI_URL).origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'Content-Type, X-Namespace, Authorization',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Cache-Control': 'no-store',
    Vary: 'Origin',
  });
};

const translate = async (parts: AppParts, ctx: Context, codec: PayloadCodec, direction: Direction) => {
  const { userId } = await requireSession(parts, ctx, 'ops');
  const parsed = payloadsBody.safeParse((await readBody(ctx, ['json'])).value);
  if (!parsed.success) throw invalid('Send `{payloads: [{metadata, data}]}`, each value in base64.');
  const payloads = await Promise.all(
    parsed.data.payloads.map((payload, index) => translateOne(codec, direction, payload, index)),
  );
  await audit(forCreator(parts.orm, PLATFORM), {
    creatorId: PLATFORM,
    actor: `user/${userId}`,
    action: `payloads.${direction}d`,
    subject: `namespace/${ctx.get('X-Namespace') || parts.config.TEMPORAL_NAMESPACE}`,
    detail: { payloads: payloads.length },
  });
  return { payloads: payloads.map(toJson) };
};

/** One by one, so that the payload which cannot be read is named. Throws CairnError `invalid`. */
const translateOne = async (codec: PayloadCodec, direction: Direction, payload: JsonPayload, index: number) => {
  try {
    const [translated] = await codec[direction]([fromJson(payload)]);
    return translated ?? {};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw invalid('A payload cannot be read.', [{ path: `payloads.${index}`, message }]);
  }
};

type JsonPayload = z.output<typeof payloadsBody>['payloads'][number];

const mapValues = <From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

const fromJson = ({ metadata, data }: JsonPayload): Payload => ({
  metadata: mapValues(metadata, (value) => Buffer.from(value, 'base64')),
  data: Buffer.from(data, 'base64'),
});

const toJson = ({ metadata, data }: Payload): JsonPayload => ({
  metadata: mapValues(metadata ?? {}, (value) => Buffer.from(value).toString('base64')),
  data: Buffer.from(data ?? []).toString('base64'),
});
