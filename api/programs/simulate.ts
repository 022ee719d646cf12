/** Simulation: what personas would live through, without a coachee or a clock. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { type ProgramId, programId } from '../../shared/contracts/ids.ts';
import { type SimulateRequest, simulateRequest, simulateResponse } from '../../shared/contracts/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { lint } from '../../shared/domain/journeys/lint.ts';
import { getContent, refuseFaulty } from '../../shared/services/program-versions.ts';
import { getProgram } from '../../shared/services/programs.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';

export const simulateRoutes = ({ simulator }: AppParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/programs/:id/simulate',
    tag: 'programs',
    summary: 'Simulate personas',
    description:
      'Of the draft, of a published version by number, or of a definition that is sent along; each with the whole transcript at local times.',
    role: policy.read,
    params: z.object({ id: programId }),
    body: simulateRequest,
    reply: simulateResponse,
    transaction: false,
    handle: async ({ em, params: { id }, body }) => {
      const definition = await definitionFor(em, id, body);
      refuseFaulty(lint(definition), 'simulating it');
      const { personas, maxDays } = body;
      const job = { definition, personas, ...(maxDays !== undefined && { maxDays }) };
      return reply({ simulations: await simulator.run(job) });
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
