/** Every route of the API: a new group is one line here. */
import type { AppParts } from './app-parts.ts';
import { docsPages } from './docs/pages.ts';
import { healthPages } from './health/routes.ts';
import type { Page, Route } from './http/route.ts';

const routeGroups: ((parts: AppParts) => Route[])[] = [];
const pageGroups: ((parts: AppParts) => Page[])[] = [healthPages];

/** The declared routes and pages, the documentation of the routes included. */
export const declareAll = (parts: AppParts): (Route | Page)[] => {
  const routes = routeGroups.flatMap((group) => group(parts));
  return [...routes, ...pageGroups.flatMap((group) => group(parts)), ...docsPages(parts, routes)];
};
