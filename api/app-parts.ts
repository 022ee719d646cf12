/** The dependencies together with what is made of them once per app. */
import { createMint, type TokenMint } from '../shared/services/tokens.ts';
import type { ApiDeps } from './deps.ts';
import { createLimiters, type Limiters } from './middleware/limiters.ts';

export interface AppParts extends ApiDeps {
  mint: TokenMint;
  limiters: Limiters;
}

export const createParts = (deps: ApiDeps): AppParts => ({
  ...deps,
  mint: createMint({ jwt: deps.config.CAIRN_JWT_SECRET, cookie: deps.config.CAIRN_COOKIE_SECRET }),
  limiters: createLimiters(deps),
});
