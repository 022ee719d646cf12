/** Publishing: the golden traces first, outside any transaction, then the version in one of its own. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { type ProgramId, programId } from '../../shared/contracts/ids.ts';
import { programVersion, publishRequest, rollbackRequest } from '../../shared/contracts/programs.ts';
import { conflict } from '../../shared/errors.ts';
import { audit } from '../../shared/services/audit.ts';
import { acceptTranscripts, listTraces } from '../../shared/services/golden-traces.ts';
import { publish, rollBack } from '../../shared/services/program-versions.ts';
import { getDraft } from '../../shared/services/programs.ts';
import type { Caller } from '../../shared/services/tokens.ts';
import { by } from '../accounts/actor.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { policy } from './policy.ts';
import { presentVersion } from './presenter.ts';
import type { Simulator } from './simulator.ts';
import { presentRun, type RunTrace, runTraces } from './trace-runs.ts';

const tag = 'programs';
const params = z.object({ id: programId });
const OLD_VERSION = 200;

export const publishRoutes = ({ simulator }: AppParts): Route[] => [
  route({
    method: 'post',
    path: '/v1/programs/:id/publish',
    tag,
    summary: 'Publish the draft as a version, which never changes',
    description:
      'Lint errors block it (422, with `findings`). So do golden traces that come out differently (409, with `traces`), unless `traces` is `accept`: ' +
      'then what comes out is kept as expected. An unchanged draft gives the newest version again, with status 200 in place of 201.',
    role: policy.edit,
    params,
    body: publishRequest,
    status: 201,
    reply: programVersion,
    problems: [409, 503],
    transaction: false,
    handle: async ({ em, caller, params: { id }, body }) => {
      const checked = await checkTraces(em, simulator, id);
      const failed = checked?.runs.filter(({ passed }) => !passed) ?? [];
      if (failed.length > 0 && body.traces !== 'accept') throw differing(failed);
      // The revision that the traces were run on: another one might do something else.
      const revision = body.revision ?? checked?.revision ?? null;
      const { version, definition, isNew } = await em.transactional(
        async (tx) => {
          const published = await publish(tx, id, { revision, note: body.note ?? '', publishedBy: publisher(caller) });
          await acceptTranscripts(tx, id, failed);
          const detail = { version: published.version.version, acceptedTraces: failed.map(({ name }) => name) };
          const entry = { ...by(caller), action: 'program.published', subject: `program/${id}`, detail };
          if (published.isNew || failed.length > 0) await audit(tx, entry);
          return published;
        },
        { clear: true },
      );
      return reply(presentVersion(version, definition.title), isNew ? {} : { status: OLD_VERSION });
    },
  }),
  route({
    method: 'post',
    path: '/v1/programs/:id/rollback',
    tag,
    summary: 'Publish what an earlier version says as a new version',
    description:
      'The draft stays as it is, unless it has no changes since the newest version. Golden traces are not run. Where that version is the newest already ' +
      'it is given back, with status 200 in place of 201.',
    role: policy.edit,
    params,
    body: rollbackRequest,
    status: 201,
    reply: programVersion,
    problems: [409],
    handle: async ({ em, caller, params: { id }, body: { version: to, note } }) => {
      const given = { to, note: note ?? `Rollback to version ${to}`, publishedBy: publisher(caller) };
      const { version, definition, isNew } = await rollBack(em, id, given);
      if (!isNew) return reply(presentVersion(version, definition.title), { status: OLD_VERSION });
      const detail = { version: version.version, to };
      await audit(em, { ...by(caller), action: 'program.rolledBack', subject: `program/${id}`, detail });
      return reply(presentVersion(version, definition.title));
    },
  }),
];

const publisher = (caller: Caller) => (caller.kind === 'user' ? caller.id : null);

interface CheckedDraft {
  revision: number;
  runs: RunTrace[];
}

/** What comes of the draft's golden traces; null when it has none. */
const checkTraces = async (em: EntityManager, simulator: Simulator, id: ProgramId): Promise<CheckedDraft | null> => {
  const traces = await listTraces(em, id);
  if (traces.length === 0) return null;
  const { definition, revision } = await getDraft(em, id);
  return { revision, runs: await runTraces(simulator, definition, traces) };
};

const differing = (failed: RunTrace[]) =>
  conflict('The draft no longer does what its golden traces say. Mend it, or publish with `traces: "accept"`.', {
    traces: failed.map(presentRun),
  });
