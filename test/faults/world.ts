/** The world of the fault test: workers in processes of their own, with a workflow bundle that is built once. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger } from '@temporalio/worker';
import { createVault, type Vault } from '../../shared/services/secrets.ts';
import { buildWorkflowBundle } from '../../temporal/bundle.ts';
import { type OwnWorld, openOwnWorld } from '../support/own-world.ts';

export interface FaultWorld extends OwnWorld {
  bundlePath: string;
  vault: Vault;
}

/** Opens it; about six seconds. */
export const openFaultWorld = async (what: 'faults' | 'imports' | 'migrations' = 'faults'): Promise<FaultWorld> => {
  const world = await openOwnWorld(what);
  const bundle = await buildBundle();
  return {
    ...world,
    environment: { ...world.environment, ...bundle.environment },
    bundlePath: bundle.path,
    vault: createVault(world.config.CAIRN_ENCRYPTION_KEYS),
    close: async () => {
      await world.close();
      await rm(bundle.folder, { recursive: true });
    },
  };
};

export interface Bundle {
  /** A folder of its own; remove it at the end. */
  folder: string;
  path: string;
  /** Keeps compiled code from worker to worker: a start takes half the time. */
  environment: Record<string, string>;
}

/** Builds the workflows' bundle once for all workers. */
export const buildBundle = async (): Promise<Bundle> => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-faults-'));
  const path = join(folder, 'workflows.js');
  await writeFile(path, (await buildWorkflowBundle(new DefaultLogger('WARN'))).code);
  return { folder, path, environment: { NODE_COMPILE_CACHE: join(folder, 'compiled') } };
};
