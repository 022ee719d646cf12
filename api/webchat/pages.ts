/** What browsers open: the join link, the chat, and their script and style sheet. */
import type { Context } from 'koa';
import { CairnError } from '../../shared/errors.ts';
import { type Invitation, readInvitation } from '../../shared/services/web-chat.ts';
import type { AppParts } from '../app-parts.ts';
import { type Page, page } from '../http/route.ts';
import { allowPage } from '../middleware/secure-headers.ts';
import { type Asset, webchatAssets } from './assets.ts';
import { chatPage, invitationPage, sorryPage } from './html.ts';

const CODE = /^[\w-]{1,64}$/;
const YEAR_SECONDS = 31_536_000;

export const webchatPages = ({ orm, config }: AppParts): Page[] => [
  page({
    method: 'get',
    path: '/join/:code',
    handle: async (ctx) => {
      const code = String(ctx.params.code);
      const assets = await webchatAssets();
      const invitation = await invitationOf(code);
      ctx.status = typeof invitation === 'string' ? 404 : 200;
      show(
        ctx,
        typeof invitation === 'string'
          ? sorryPage(assets, 'This link does not lead anywhere', invitation)
          : invitationPage(assets, code, invitation),
      );
    },
  }),
  page({
    method: 'get',
    path: '/chat',
    handle: async (ctx) => show(ctx, chatPage(await webchatAssets())),
  }),
  page({
    method: 'get',
    path: '/webchat/:file',
    handle: async (ctx) => {
      const assets = Object.values(await webchatAssets()) as Asset[];
      const asset = assets.find((one) => one.path === ctx.path);
      if (!asset) throw new CairnError('notFound', 'There is no such file.');
      ctx.type = asset.type;
      ctx.set('Cache-Control', `public, max-age=${YEAR_SECONDS}, immutable`);
      ctx.body = Buffer.from(asset.content);
    },
  }),
];
