/** Preview: what each channel will show of a step, rendered and split as it will be sent. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { type ProgramId, programId } from '../../shared/contracts/ids.ts';
import { type Preview, type PreviewRequest, previewRequest, previewResponse } from '../../shared/contracts/preview.ts';
import { CHANNEL_KINDS } from '../../shared/domain/channels/deliveries.ts';
import { messageOfStep, previewOf } from '../../shared/domain/channels/preview.ts';
import { type ProgramDefinition, placeOf } from '../../shared/domain/journeys/definition.ts';
import { localized } from '../../shared/domain/journeys/localize.ts';
import { invalid } from '../../shared/errors.ts';
import { getDraft, getProgram } from '../../shared/services/programs.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';

export const previewRoutes = (): Route[] => [
  route({
    method: 'post',
    path: '/v1/programs/:id/preview',
    tag: 'programs',
    summary: 'Preview a step on the channels',
    description:
      'What each channel will show of the message that the step sends, in parts as they will be sent: of the draft, or of the definition that is sent along.',
    role: policy.read,
    params: z.object({ id: programId }),
    body: previewRequest,
    reply: previewResponse,
    handle: async ({ em, params: { id }, body }) => reply(previewStep(await definitionFor(em, id, body), body)),
  }),
];

const definitionFor = async (
  em: EntityManager,
  id: ProgramId,
  { definition, language }: PreviewRequest,
): Promise<ProgramDefinition> => {
  if (definition) await getProgram(em, id);
  return localized(definition ?? (await getDraft(em, id)).definition, language ?? null);
};

const previewStep = (
  definition: ProgramDefinition,
  { stepKey, channel, language, coachee: { name = '', traits = {} } = {} }: PreviewRequest,
): Preview => {
  const step = placeOf(definition, stepKey)?.step;
  if (!step) throw invalid('There is no such step.', [{ path: 'stepKey', message: 'The program has no such step.' }]);
  const channels = channel ? [channel] : (definition.channels ?? [...CHANNEL_KINDS]);
  const facts = { id: name, name, language: language ?? null, traits, tags: [], entitlements: [], checkIns: {} };
  const message = messageOfStep(step, facts, definition.language);
  return { stepKey, channels: previewOf(message, channels) };
};
