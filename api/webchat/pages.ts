/** What browsers open: the join link, the chat, and their script and style sheet. */
import type { Context } from 'koa';
import { CairnError } from '../../shared/errors.ts';
import { type Invitation, readInvitation } from '../../shared/services/web-chat.ts';
import type { AppParts } from '../app-parts.ts';
import { type Page, page } from '../http/route.ts';
import { allowPage, type Sources } from '../middleware/secure-headers.ts';
import { type Asset, webchatAssets } from './assets.ts';
import { chatPage, invitationPage, sorryPage } from './html.ts';

const CODE = /^[\w-]{1,64}$/;
const YEAR_SECONDS = 31_536_000;
/** Messages show media of any place; an invitation turns into the chat without a new page. */
const CHAT_MEDIA: Sources = { 'img-src': ["'self'", 'data:', 'https:'], 'media-src': ['https:'] };
const UNKNOWN = 'Please check that it is complete, or ask for a new invitation.';

export const webchatPages = ({ orm }: AppParts): Page[] => {
  const invitationOf = async (code: string): Promise<Invitation | string> => {
    if (!CODE.test(code)) return UNKNOWN;
    try {
      return await readInvitation(orm, code);
    } catch (error) {
      if (!(error instanceof CairnError)) throw error;
      return error.type === 'gone' ? error.message : UNKNOWN;
    }
  };
  return [
    page({
      method: 'get',
      path: '/join/:code',
      handle: async (ctx) => {
        const code = String(ctx.params.code);
        const [assets, invitation] = await Promise.all([webchatAssets(), invitationOf(code)]);
        if (typeof invitation === 'string') show(ctx, 404, sorryPage(assets, 'This link leads nowhere', invitation));
        else show(ctx, 200, invitationPage(assets, code, invitation), CHAT_MEDIA);
      },
    }),
    page({
      method: 'get',
      path: '/chat',
      handle: async (ctx) => show(ctx, 200, chatPage(await webchatAssets()), CHAT_MEDIA),
    }),
    page({
      method: 'get',
      path: '/webchat/:file',
      // Nothing but memory is touched.
      limit: 'none',
      handle: async (ctx) => {
        const asset = Object.values(await webchatAssets()).find((one: Asset) => one.path === ctx.path);
        if (!asset) throw new CairnError('notFound', 'There is no such file.');
        ctx.type = asset.type;
        ctx.set('Cache-Control', `public, max-age=${YEAR_SECONDS}, immutable`);
        ctx.body = Buffer.from(asset.content);
      },
    }),
  ];
};

/** Older browsers do not count a WebSocket of the same host as `'self'`, so it is named. */
const show = (ctx: Context, status: number, html: string, more: Sources = {}): void => {
  allowPage(ctx, { 'connect-src': ["'self'", `ws://${ctx.host}`, `wss://${ctx.host}`], ...more });
  ctx.set('Cache-Control', 'no-store');
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = html;
};
