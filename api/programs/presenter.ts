/** From rows to what the API shows of programs. */
import type { z } from 'zod';
import type { cohort } from '../../shared/contracts/cohorts.ts';
import type { goldenTrace } from '../../shared/contracts/golden-traces.ts';
import type {
  program,
  programDraft,
  programVersion,
  programVersionWithDefinition,
} from '../../shared/contracts/programs.ts';
import type { Cohort } from '../../shared/db/entities/cohorts.ts';
import type { GoldenTrace, ProgramVersion } from '../../shared/db/entities/programs.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import type { Draft, ProgramSummary } from '../../shared/services/programs.ts';

export const presentProgram = (row: ProgramSummary): z.input<typeof program> => ({
  id: row.id,
  title: row.title,
  slug: row.slug ?? null,
  language: row.language,
  publishedVersion: row.publishedVersion ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

export const presentDraft = ({ updatedAt, ...draft }: Draft): z.input<typeof programDraft> => ({
  ...draft,
  updatedAt: updatedAt.toISOString(),
});

export const presentVersion = (version: ProgramVersion, title: string): z.input<typeof programVersion> => ({
  id: version.id,
  programId: version.programId,
  number: version.version,
  title,
  note: version.notes === '' ? null : version.notes,
  publishedAt: version.createdAt.toISOString(),
  publishedBy: version.publishedBy ?? null,
});

export const presentFullVersion = (version: ProgramVersion): z.input<typeof programVersionWithDefinition> => {
  const definition = version.definition as ProgramDefinition;
  return { ...presentVersion(version, definition.title), definition };
};

export const presentCohort = (row: Cohort): z.input<typeof cohort> => ({
  id: row.id,
  programId: row.programId,
  name: row.name,
  kind: row.kind,
  startsOn: row.startsOn ?? null,
  startsAt: row.startsOn == null ? null : row.startsAt,
  cap: row.cap ?? null,
  late: row.late,
  coachUserId: row.coachUserId ?? null,
  closedAt: row.closedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});

export const presentTrace = ({ name, persona, expected, updatedAt }: GoldenTrace): z.input<typeof goldenTrace> => ({
  name,
  persona,
  expected,
  updatedAt: updatedAt.toISOString(),
});
