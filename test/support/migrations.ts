/** New versions of programs, and migrations of those who live in the old one. */
import { type CreatorId, newId, type ProgramId, type ProgramVersionId } from '../../shared/contracts/ids.ts';
import { migrationRequest } from '../../shared/contracts/migrations.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { Program, ProgramVersion } from '../../shared/db/entities/programs.ts';
import { planMigration } from '../../shared/services/migration-plans.ts';
import type { GivenCreator } from './factories.ts';

type Owner = Pick<GivenCreator, 'creatorId' | 'em'>;

/** Publishes the next version of a program. */
export const givenVersion = async (
  { creatorId, em }: Owner,
  programId: ProgramId,
  version: number,
  definition: object,
): Promise<void> => {
  const parsed = programDefinition.parse({ v: 1, title: 'A test program', ...definition });
  const id = newId<ProgramVersionId>();
  await em().insert(ProgramVersion, { id, creatorId, programId, version, definition: parsed });
  await em().nativeUpdate(Program, { id: programId }, { publishedVersion: version });
};

/** Plans a migration from version 1 to 2; its run is not started. */
export const givenMigration = (
  { creatorId, em }: { creatorId: CreatorId; em: GivenCreator['em'] },
  programId: ProgramId,
  more: object = {},
) => {
  const request = migrationRequest.parse({ fromVersion: 1, toVersion: 2, canaryPauseSeconds: 0, ...more });
  return em().transactional((tx) => planMigration(tx, creatorId, programId, request));
};
