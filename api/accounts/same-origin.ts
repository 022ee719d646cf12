import type { Context } from 'koa';
import { CairnError } from '../../shared/errors.ts';

/** Refuses what another site's page sends (login CSRF). Throws CairnError `forbidden`. Clients that are no browser send neither header. */
export const refuseForeignPages = (ctx: Context): void => {
  const site = ctx.get('Sec-Fetch-Site');
  const origin = ctx.get('Origin');
  const foreign =
    site === '' ? origin !== '' && hostOf(origin) !== ctx.host : site !== 'same-origin' && site !== 'none';
  if (foreign) throw new CairnError('forbidden', 'This is for pages of this site.');
};

const hostOf = (origin: string): string | null => (URL.canParse(origin) ? new URL(origin).host : null);
