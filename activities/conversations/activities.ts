/** All I/O that a conversation causes. */
import { translated } from '../errors.ts';
import { createRouteInbound, type RouteDeps } from './route-inbound.ts';

export const createConversationActivities = (deps: RouteDeps) => translated({ routeInbound: createRouteInbound(deps) });

export type ConversationActivities = ReturnType<typeof createConversationActivities>;
