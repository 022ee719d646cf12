/** The page that signs a browser in: a plain form, no script. */
import { localPath } from '../../shared/contracts/accounts.ts';
import { escapeHtml } from '../../shared/domain/channels/escape-html.ts';
import { type Page, page } from '../http/route.ts';
import { allowPage } from '../middleware/secure-headers.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8a8a8a; --strong: #1f5f4a; --on-strong: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #9a9a9a; --strong: #8fd6bb; --on-strong: #10241d; } }
body { display: grid; min-height: 100vh; place-items: center; margin: 0; padding: 1rem; box-sizing: border-box; }
form { display: grid; gap: 1rem; width: min(22rem, 100%); }
h1 { margin: 0; font-size: 1.5rem; }
label { display: grid; gap: 0.25rem; }
input { font: inherit; padding: 0.6rem 0.75rem; border: 1px solid var(--line); border-radius: 0.5rem; }
button { font: inherit; font-weight: 600; padding: 0.7rem; border: 0; border-radius: 0.5rem; background: var(--strong); color: var(--on-strong); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 2px; }
[role=alert] { margin: 0; padding: 0.6rem 0.75rem; border: 1px solid; border-radius: 0.5rem; }
`;

const html = (returnTo: string, failed: boolean) => `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in – Cairn</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/sign-in/style.css">
<form method="post" action="/v1/auth/session">
  <h1>Sign in to Cairn</h1>
  ${failed ? '<p role="alert">The e-mail address and password do not fit.</p>' : ''}
  <label>E-mail address <input type="email" name="email" autocomplete="username" required autofocus></label>
  <label>Password <input type="password" name="password" autocomplete="current-password" required></label>
  <input type="hidden" name="return" value="${escapeHtml(returnTo)}">
  <button>Sign in</button>
</form>
</html>
`;

export const signInPages = (): Page[] => [
  page({
    method: 'get',
    path: '/sign-in',
    handle: async (ctx) => {
      const returnTo = localPath.safeParse(ctx.query.return);
      allowPage(ctx);
      ctx.set('Cache-Control', 'no-store');
      ctx.type = 'text/html';
      ctx.body = html(returnTo.success ? returnTo.data : '/', ctx.query.failed !== undefined);
    },
  }),
  page({
    method: 'get',
    path: '/sign-in/style.css',
    limit: 'none',
    handle: async (ctx) => {
      ctx.type = 'text/css';
      ctx.body = STYLE;
    },
  }),
];
