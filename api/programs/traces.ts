/** Golden traces of a program. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import {
  goldenTrace,
  goldenTraces,
  putTraceRequest,
  traceParams,
  traceRun,
} from '../../shared/contracts/golden-traces.ts';
import { type ProgramId, programId } from '../../shared/contracts/ids.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { deleteTrace, listTraces, putTrace } from '../../shared/services/golden-traces.ts';
import { getDraft } from '../../shared/services/programs.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentTrace } from './presenter.ts';
import type { Simulator } from './simulator.ts';
import { presentRun, runTraces, transcriptsOf } from './trace-runs.ts';

const tag = 'programs';
const params = z.object({ id: programId });
const named = params.extend(traceParams.shape);
const MADE = 201;

export const traceRoutes = ({ simulator }: AppParts): Route[] => [
  route({
    method: 'get',
    path: '/v1/programs/:id/traces',
    tag,
    summary: 'List golden traces: simulations that the program must go on giving',
    role: policy.read,
    params,
    reply: goldenTraces,
    handle: async ({ em, params: { id } }) => reply({ items: (await listTraces(em, id)).map(presentTrace) }),
  }),
  route({
    method: 'put',
    path: '/v1/programs/:id/traces/:name',
    tag,
    summary: 'Keep a golden trace',
    description:
      'Without `expected` the draft is simulated, and what comes of it is kept. The status is 201 where the trace is new.',
    role: policy.edit,
    params: named,
    body: putTraceRequest,
    reply: goldenTrace,
    problems: [409],
    transaction: false,
    handle: async ({ em, params: { id, name }, body: { persona, expected } }) => {
      const transcript = expected ?? (await transcriptOfDraft(em, simulator, id, persona));
      const put = (tx: EntityManager) => putTrace(tx, id, name, { persona, expected: transcript });
      const { trace, isNew } = await em.transactional(put);
      return reply(presentTrace(trace), isNew ? { status: MADE } : {});
    },
  }),
  route({
    method: 'delete',
    path: '/v1/programs/:id/traces/:name',
    tag,
    summary: 'Take a golden trace away',
    role: policy.edit,
    params: named,
    handle: async ({ em, params: { id, name } }) => {
      await deleteTrace(em, id, name);
      return reply(undefined);
    },
  }),
  route({
    method: 'post',
    path: '/v1/programs/:id/traces/run',
    tag,
    summary: 'Run the golden traces against the draft',
    role: policy.read,
    params,
    reply: traceRun,
    problems: [422, 503],
    transaction: false,
    handle: async ({ em, params: { id } }) => {
      const { definition, revision } = await getDraft(em, id);
      const results = (await runTraces(simulator, definition, await listTraces(em, id))).map(presentRun);
      return reply({ passed: results.every(({ passed }) => passed), revision, results });
    },
  }),
];

const transcriptOfDraft = async (em: EntityManager, simulator: Simulator, id: ProgramId, persona: Persona) => {
  const { definition } = await getDraft(em, id);
  const [transcript = ''] = await transcriptsOf(simulator, definition, [persona]);
  return transcript;
};
