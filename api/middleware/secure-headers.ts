/** Security headers of every answer, and the content policies of the pages that need more than none. */
import type { Context, Middleware } from 'koa';
import helmet from 'koa-helmet';
import type { ApiDeps } from '../deps.ts';

/** HSTS is for an API that is reached by https; on loopback it would lock a developer's browser out. */
export const secureHeaders = ({ config }: ApiDeps): Middleware =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: config.publicUrl.startsWith('https:') ? { maxAge: 31_536_000 } : false,
  });

/** What a page may load, by directive. */
export type Sources = Record<string, string[]>;

const PAGE: Sources = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** Lets a page load its own scripts, styles, images and data, and what `more` adds or replaces; never inline script. */
export const allowPage = (ctx: Context, more: Sources = {}): void => {
  const policy = Object.entries({ ...PAGE, ...more }).map(([directive, sources]) => [directive, ...sources].join(' '));
  ctx.set('Content-Security-Policy', policy.join('; '));
};
