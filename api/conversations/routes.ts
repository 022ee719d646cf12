/** What was said, and what became of each send. */
import { z } from 'zod';
import { conversationPage, deliveryPage, deliveryQuery, messagePage } from '../../shared/contracts/conversations.ts';
import { pageQuery } from '../../shared/contracts/http.ts';
import { coacheeId } from '../../shared/contracts/ids.ts';
import { listConversations, listDeliveries, listMessages } from '../../shared/services/conversation-lists.ts';
import { type Route, reply, route } from '../http/route.ts';
import { presentConversation, presentDelivery, presentMessage } from './presenter.ts';

export const conversationRoutes = (): Route[] => [
  route({
    method: 'get',
    path: '/v1/conversations',
    tag: 'conversations',
    summary: 'List conversations, the one with the latest message first',
    role: 'viewer',
    query: pageQuery,
    reply: conversationPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listConversations(em, query);
      return reply({ items: items.map(presentConversation), nextCursor });
    },
  }),
  route({
    method: 'get',
    path: '/v1/conversations/:coacheeId/messages',
    tag: 'conversations',
    summary: 'List the messages of a conversation, the latest first',
    role: 'viewer',
    params: z.object({ coacheeId }),
    query: pageQuery,
    reply: messagePage,
    handle: async ({ em, params, query }) => {
      const { items, nextCursor } = await listMessages(em, params.coacheeId, query);
      return reply({ items: items.map(presentMessage), nextCursor });
    },
  }),
  route({
    method: 'get',
    path: '/v1/deliveries',
    tag: 'channels',
    summary: 'List sends, the newest first',
    role: 'viewer',
    query: deliveryQuery,
    reply: deliveryPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listDeliveries(em, query);
      return reply({ items: items.map(presentDelivery), nextCursor });
    },
  }),
];
