/** Writes an answer into Koa's response. */
import type { Context } from 'koa';
import type { Answer } from '../http/exchange.ts';

/** Answers of the API are for one caller at one moment: nobody may keep them. */
export const present = (ctx: Context, { status, headers, body, text }: Answer): void => {
  ctx.status = status;
  ctx.body = text ?? (body === undefined ? null : JSON.stringify(body));
  if (body === undefined) ctx.status = status;
  else ctx.type = 'application/json';
  ctx.set('Cache-Control', 'no-store');
  ctx.set(headers);
};
