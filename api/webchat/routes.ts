/** Joining the web chat. What follows, the chat itself, is /v1/realtime. */
import { webchatJoin, webchatJoined } from '../../shared/contracts/webchat.ts';
import { forCreator } from '../../shared/db/orm.ts';
import { markRunStarted, startOf } from '../../shared/services/journeys.ts';
import { joinWebChat, newSessionToken } from '../../shared/services/web-chat.ts';
import type { AppParts } from '../app-parts.ts';
import { publicRoute, type Route, reply } from '../http/route.ts';

export const webchatRoutes = ({ orm, runs }: AppParts): Route[] => [
  publicRoute({
    method: 'post',
    path: '/v1/webchat/join',
    tag: 'channels',
    summary: 'Join by a link',
    description:
      'Opens a web chat session for the code of a join link. Whoever has the token is taken for the coachee.',
    body: webchatJoin,
    reply: webchatJoined,
    status: 201,
    problems: [404, 409, 410],
    handle: async ({ body }) => {
      const token = body.token ?? newSessionToken();
      const joined = await joinWebChat(orm, { ...body, token });
      const { creatorId, coacheeId, enrollmentId, outcome, toStart } = joined;
      return reply(
        { token, coacheeId, enrollmentId, outcome },
        {
          after: async () => {
            if (!toStart || !enrollmentId) return;
            const em = forCreator(orm, creatorId);
            await runs.start(await startOf(em, enrollmentId));
            await markRunStarted(em, enrollmentId);
          },
        },
      );
    },
  }),
];
