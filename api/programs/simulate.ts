/** Simulation: what personas would live through, without a coachee or a clock. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { type ProgramId, programId } from '../../shared/contracts/ids.ts';
import { type SimulateRequest, simulateRequest, simulateResponse } from '../../shared/contracts/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { isPublishable, lint } from '../../shared/domain/journeys/lint.ts';
import { CairnError } from '../../shared/errors.ts';
import { getDraft, getProgram, getVersion } from '../../shared/services/programs.ts';
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
      refuseFaulty(definition);
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
  if (version !== undefined) return (await getVersion(em, id, version)).definition as ProgramDefinition;
  if (definition === undefined) return (await getDraft(em, id)).definition;
  await getProgram(em, id);
  return definition;
};

/** A program with errors, say a cycle without a wait, has no life that could be shown. */
const refuseFaulty = (definition: ProgramDefinition): void => {
  const findings = lint(definition);
  if (isPublishable(findings)) return;
  const errors = findings.filter(({ severity }) => severity === 'error');
  throw new CairnError('invalid', 'The program has errors: mend them before simulating it.', {
    fields: errors.map(({ path, message, code }) => ({ path: `definition.${path}`, message, code })),
    detail: { findings },
  });
};
