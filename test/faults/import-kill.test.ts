/** kill -9 of the worker in the middle of an import, again and again: everybody comes in, and nobody twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import type { ImportProgress } from '../../shared/domain/journeys/enrollment-imports.ts';
import { createImport } from '../../shared/services/enrollment-imports.ts';
import { enrollmentImportWorkflowId } from '../../temporal/ids.ts';
import { startEnrollmentImport } from '../../temporal/start/enrollment-imports.ts';
import { givenCreator, givenProgram } from '../support/factories.ts';
import { givenRow, rowsOf } from '../support/imports.ts';
import { says } from '../support/steps.ts';
import { startWorker } from './worker-process.ts';
import { type FaultWorld, openFaultWorld } from './world.ts';

const ROWS = 1_000;
const KILLS = 3;

let world: FaultWorld;
beforeAll(async () => {
  world = await openFaultWorld('imports');
});
afterAll(() => world.close(), 60_000);

test('an import whose worker is killed in the middle goes on where it was', async () => {
  const owner = await givenCreator(world.orm);
  const { creatorId, em } = owner;
  const { programId } = await givenProgram(owner, { steps: [says('hello')] });
  const rows = Array.from({ length: ROWS }, (_, index) =>
    givenRow(index + 2, { externalId: index % 2 ? `c-${index}` : null }),
  );
  const { id: importId } = await em().transactional((tx) =>
    createImport(tx, { creatorId, programId, cohortId: null, rows }),
  );
  await startEnrollmentImport(world.client, { creatorId, importId });

  const enrolled = () => em().count(Enrollment, { programId });
  const killedAt: number[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const worker = await startWorker(world);
    const enough = killedAt.at(-1) ?? 0;
    while ((await enrolled()) < enough + 150) await sleep(5);
    await worker.kill();
    killedAt.push(await enrolled());
  }
  expect(killedAt.at(-1)).toBeLessThan(ROWS);

  const last = await startWorker(world);
  const result: ImportProgress = await world.client.workflow.getHandle(enrollmentImportWorkflowId(importId)).result();
  await last.stop();
  console.log(`killed after ${killedAt.join(', ')} of ${ROWS} rows`);
  expect(result).toMatchObject({ status: 'finished', counts: { waiting: 0, bad: 0, refused: 0, invited: ROWS } });
  expect(await enrolled()).toBe(ROWS);
  expect(await em().count(Coachee, {})).toBe(ROWS);
  expect(new Set((await rowsOf(owner, importId)).map(({ enrollmentId }) => enrollmentId)).size).toBe(ROWS);
}, 180_000);
