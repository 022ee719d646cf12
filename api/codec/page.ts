/** Tells an ops engineer, once signed in, how the Temporal UI is set to read payloads. */

import { CairnError } from '../../shared/errors.ts';
import { requireSession } from '../accounts/session.ts';
import type { AppParts } from '../app-parts.ts';
import { type Page, page } from '../http/route.ts';
import { allowPage } from '../middleware/secure-headers.ts';

const html = (endpoint: string, uiUrl: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Payloads – Cairn</title><link rel="stylesheet" href="/sign-in/style.css">
<main>
  <h1>You can read payloads now</h1>
  <p>Once in each browser, in the <a href="${uiUrl}">Temporal UI</a>:</p>
  <ol>
    <li>Click the glasses at the top right.</li>
    <li>As the codec server's browser endpoint, paste <code>${endpoint}</code></li>
    <li>Switch on “Include cross-origin credentials” and apply.</li>
  </ol>
  <p>Everything that is decoded is written to the audit.</p>
</main>
</html>
`;

export const codecPage = (parts: AppParts): Page[] => [
  page({
    method: 'get',
    path: '/codec',
    handle: async (ctx) => {
      try {
        await requireSession(parts, ctx, 'ops');
      } catch (error) {
        if (!(error instanceof CairnError)) throw error;
        ctx.redirect('/sign-in?return=/codec');
        return;
      }
      allowPage(ctx);
      ctx.set('Cache-Control', 'no-store');
      ctx.type = 'text/html';
      ctx.body = html(`${parts.config.publicUrl}/codec`, parts.config.TEMPORAL_UI_URL);
    },
  }),
];
