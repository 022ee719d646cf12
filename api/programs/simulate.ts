/** Simulation: what personas would live through, without a coachee or a clock. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { type ProgramId, programId } from '../../shared/contracts/ids.ts';
import { type SimulateRequest, simulateRequest, simulateResponse } from '../../shared/contracts/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { lint } from '../../shared/domain/journeys/lint/lint.ts';
import { calendarPicture } from '../../shared/domain/journeys/simulate/calendar-picture.ts';
import { getContent, refuseFaulty } from '../../shared/services/program-versions.ts';
import { getProgram } from '../../shared/services/programs.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { subprogramsOf } from './subprograms.ts';

const JSON_TYPE = 'application/json';
const SVG_TYPE = 'image/svg+xml';

export const simulateRoutes = ({ simulator }: AppParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/programs/:id/simulate',
    tag: 'programs',
    summary: 'Simulate personas',
    description:
      'Of the draft, of a published version by number, or of a definition that is sent along; by personas, each with the whole transcript at local ' +
      'times, or by a population, with the transcripts of the first few. The report is of all of them. With `Accept: image/svg+xml` comes a ' +
      'calendar of what is sent day by day, as a picture.',
    role: policy.read,
    params: z.object({ id: programId }),
    body: simulateRequest,
    reply: simulateResponse,
    produces: [JSON_TYPE, SVG_TYPE],
    transaction: false,
    handle: async ({ em, params: { id }, body, request }) => {
      const definition = await definitionFor(em, id, body);
      refuseFaulty(lint(definition), 'simulating it');
      const { personas, population, transcripts, maxDays } = body;
      const programs = await subprogramsOf(em, definition);
      const limits = { ...(maxDays !== undefined && { maxDays }), ...(population && { transcripts }) };
      const simulated = await simulator.run({ definition, programs, who: population ?? personas ?? [], ...limits });
      if (request.ctx.accepts(JSON_TYPE, SVG_TYPE) !== SVG_TYPE) return reply(simulated);
      const text = calendarPicture(definition.title, simulated.report);
      return reply(simulated, { text, headers: { 'Content-Type': `${SVG_TYPE}; charset=utf-8` } });
    },
  }),
];

const definitionFor = async (
  em: EntityManager,
  id: ProgramId,
  { definition, version }: SimulateRequest,
): Promise<ProgramDefinition> => {
  if (definition === undefined) return getContent(em, id, version ?? 'draft');
  await getProgram(em, id);
  return definition;
};
