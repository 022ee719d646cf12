/** Signals: an integrator's or a coach's word to a journey. */
import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { z } from 'zod';
import { enrollmentId } from '../../shared/contracts/ids.ts';
import { type SignalRequest, signalRequest, signalVerdict } from '../../shared/contracts/journeys.ts';
import type { Enrollment } from '../../shared/db/entities/journeys.ts';
import { checkSignalPayload } from '../../shared/domain/journeys/signals.ts';
import { conflict, invalid } from '../../shared/errors.ts';
import { audit } from '../../shared/services/audit.ts';
import { loadDefinition } from '../../shared/services/decisions.ts';
import { getEnrollment, withdrawInvitation } from '../../shared/services/journeys.ts';
import type { Caller } from '../../shared/services/tokens.ts';
import type { SendableEvent, SentVerdict } from '../../temporal/start/journeys.ts';
import { by } from '../accounts/actor.ts';
import type { AppParts } from '../app-parts.ts';
import { type Reply, type RequestFacts, type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { startRun } from './start-run.ts';

const CONTROLS = ['pause', 'resume', 'skip', 'shift', 'unlock', 'exit', 'retry'] as const;
type Control = (typeof CONTROLS)[number];
const isControl = (name: string): name is Control => (CONTROLS as readonly string[]).includes(name);

const NOT_TAKEN_YET = 202;

export const signalRoutes = (parts: AppParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/enrollments/:id/signals/:name',
    tag: 'journeys',
    summary: 'Signal a journey',
    description:
      '`pause`, `resume` (with `mode`), `skip`, `shift` (by `days`), `unlock` (perhaps a `stepKey`), `exit`, `retry` (of a parked one), or a signal that the program declares, with its payload. An ' +
      'Idempotency-Key also names the event to the journey: sent twice it counts once.',
    role: policy.signal,
    params: z.object({ id: enrollmentId, name: z.string().min(1).max(100) }),
    body: signalRequest,
    reply: signalVerdict,
    problems: [409, 503],
    transaction: false,
    handle: async ({ em, caller, params: { id, name }, body, request }) => {
      const enrollment = await getEnrollment(em, id);
      const event = await toEvent(em, enrollment, { name, body, id: eventId(caller, request) });
      if (enrollment.endedAt) throw ended(enrollment);
      if (enrollment.status === 'invited') return toInvitation(em, enrollment, event);
      if (!enrollment.runStartedAt) await startRun(parts, enrollment);
      const answered = answer(enrollment, await parts.runs.send(id, event));
      await audit(em, { ...by(caller), action: `journey.${name}`, subject: `enrollment/${id}`, detail: facts(body) });
      return answered;
    },
  }),
];

/** A key's event id is the same however often it comes, and another for every caller. */
const eventId = ({ kind, id }: Caller, { idempotencyKey }: RequestFacts): string =>
  idempotencyKey === null ? v7() : createHash('sha256').update(`${kind}/${id}/${idempotencyKey}`).digest('base64url');

const toEvent = async (
  em: EntityManager,
  enrollment: Enrollment,
  { name, body, id }: { name: string; body: SignalRequest; id: string },
): Promise<SendableEvent> => {
  refuseFieldsOfOthers(name, body);
  if (isControl(name)) return toControl(name, id, body);
  const definition = await loadDefinition(em, enrollment.programVersionId);
  const checked = checkSignalPayload(definition, name, body.payload ?? {});
  if ('value' in checked) return { type: 'signal', id, name, payload: checked.value };
  const declared = definition.signals.map((one) => one.name);
  throw invalid(
    `The signal does not fit version ${enrollment.programVersion} of the program.`,
    checked.errors.map(({ field, message }) => ({
      path: field === null ? 'payload' : `payload.${field}`,
      message: declared.includes(name) ? message : `${message} It knows: ${[...CONTROLS, ...declared].join(', ')}.`,
    })),
  );
};

/** Fields that only one signal knows. */
const FIELDS_OF = { mode: 'resume', days: 'shift', stepKey: 'unlock' } as const;

const refuseFieldsOfOthers = (name: string, body: SignalRequest): void => {
  const foreign = Object.entries(FIELDS_OF).flatMap(([field, owner]) =>
    body[field as keyof typeof FIELDS_OF] !== undefined && owner !== name
      ? [{ path: field, message: `only ${owner} takes it` }]
      : [],
  );
  if (isControl(name) && body.payload) foreign.push({ path: 'payload', message: `${name} takes none` });
  if (foreign.length > 0) throw invalid('Some fields do not fit.', foreign);
};

const toControl = (type: Control, id: string, { reason, mode, days, stepKey }: SignalRequest): SendableEvent => {
  const why = reason !== undefined && { reason };
  switch (type) {
    case 'resume':
      return { type, id, ...why, ...(mode && { mode }) };
    case 'shift':
      if (days === undefined)
        throw invalid('Some fields do not fit.', [{ path: 'days', message: 'by how many days?' }]);
      return { type, id, ...why, days };
    case 'unlock':
      return { type, id, ...why, ...(stepKey !== undefined && { stepKey }) };
    default:
      return { type, id, ...why };
  }
};

/** What the trail keeps of a signal: what an integrator's payload holds may be about the coachee. */
const facts = ({ payload, ...rest }: SignalRequest) => ({ ...rest, ...(payload && { fields: Object.keys(payload) }) });

const ended = ({ status }: Enrollment) => conflict('This journey has ended.', { enrollmentStatus: status });

/** An invitation has no run yet: it can be withdrawn, and nothing else. */
const toInvitation = async (
  em: EntityManager,
  enrollment: Enrollment,
  event: SendableEvent,
): Promise<Reply<z.input<typeof signalVerdict>>> => {
  const reason = 'reason' in event ? (event.reason ?? null) : null;
  if (event.type === 'exit' && (await withdrawInvitation(em, enrollment.id, reason)))
    return reply({ verdict: 'accepted' });
  throw conflict('This journey has not begun: the coachee has not opened a channel yet.', {
    enrollmentStatus: 'invited',
  });
};

const answer = (enrollment: Enrollment, verdict: SentVerdict): Reply<z.input<typeof signalVerdict>> => {
  switch (verdict) {
    case 'ended':
      throw ended(enrollment);
    case 'refused':
      throw conflict('This is not possible as the journey stands now.', { verdict });
    case 'queued':
    case 'early':
      return reply({ verdict: 'queued' }, { status: NOT_TAKEN_YET });
    case 'accepted':
    case 'reasked':
      return reply({ verdict: 'accepted' });
    case 'duplicate':
    case 'notAwaited':
      return reply({ verdict });
  }
};
