/** All I/O that a conversation causes. */
import { translated } from '../errors.ts';
import { createRouteInbound } from './route-inbound.ts';
import type { RouteDeps } from './spoken.ts';

export const createConversationActivities = (deps: RouteDeps) => translated({ routeInbound: createRouteInbound(deps) });

export type ConversationActivities = ReturnType<typeof createConversationActivities>;
