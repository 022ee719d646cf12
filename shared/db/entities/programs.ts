/** Programs: a draft that changes and versions that never do. */
import { defineEntity, type InferEntity, type Opt, p } from '@mikro-orm/core';
import type { GoldenTraceId, ProgramId, ProgramVersionId, UserId } from '../../contracts/ids.ts';
import type { ProgramDefinition } from '../../domain/journeys/definition.ts';
import type { Persona } from '../../domain/journeys/simulate/persona.ts';
import { createdAt, creatorColumn, tenantPolicy, updatedAt } from './tenancy.ts';

export const Program = defineEntity({
  name: 'Program',
  tableName: 'programs',
  properties: {
    id: p.uuid().$type<ProgramId>().primary(),
    creatorId: creatorColumn(),
    title: p.text(),
    /** The definition being worked on; null before the first save. May not lint clean. */
    draft: p.json().$type<unknown>().nullable().lazy(),
    /** BCP 47, of the draft. */
    language: p.text().$type<Opt<string>>().generated("(coalesce(draft ->> 'language'::text, 'en'::text)) stored"),
    /** Of the draft; null while it has none. */
    slug: p.text().$type<Opt<string>>().nullable().generated("((draft ->> 'slug'::text)) stored"),
    /** Grows with every save of the draft; a save names the one it started from. */
    draftRevision: p.integer().fieldName('draft_revision').default(0),
    /** The newest published version's number, null before the first. */
    publishedVersion: p.integer().fieldName('published_version').nullable(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  uniques: [{ name: 'programs_slug', properties: ['creatorId', 'slug'] }],
  indexes: [{ name: 'programs_creator', properties: ['creatorId', 'id'] }],
  policies: tenantPolicy('programs'),
});
export type Program = InferEntity<typeof Program>;

export const ProgramVersion = defineEntity({
  name: 'ProgramVersion',
  tableName: 'program_versions',
  properties: {
    id: p.uuid().$type<ProgramVersionId>().primary(),
    creatorId: creatorColumn(),
    programId: () => p.manyToOne(Program).mapToPk().fieldName('program_id').deleteRule('cascade'),
    /** 1, 2, 3, ... within the program. */
    version: p.integer(),
    /** A parsed ProgramDefinition that linted without errors; a trigger refuses any change. */
    definition: p.json().$type<unknown>().lazy(),
    /** The definition's own, so that the ways into a program are known without reading half a megabyte. */
    enrollment: p
      .json()
      .$type<Opt<NonNullable<ProgramDefinition['enrollment']>>>()
      .nullable()
      .generated("((definition -> 'enrollment'::text)) stored"),
    notes: p.text().default(''),
    publishedBy: p.uuid().$type<UserId>().fieldName('published_by').nullable(),
    createdAt: createdAt(),
  },
  uniques: [{ name: 'program_versions_number', properties: ['programId', 'version'] }],
  indexes: [
    { name: 'program_versions_creator', properties: ['creatorId', 'id'] },
    {
      name: 'program_versions_triggered',
      expression:
        "create index program_versions_triggered on program_versions (creator_id) where (enrollment -> 'on'::text) is not null",
    },
  ],
  triggers: [
    {
      name: 'program_versions_immutable',
      timing: 'before',
      events: ['update'],
      body: `raise exception 'a published program version never changes' using errcode = 'restrict_violation';`,
    },
  ],
  policies: tenantPolicy('program_versions'),
});
export type ProgramVersion = InferEntity<typeof ProgramVersion>;

/** A simulation that was found good: who lives the program, and the transcript that must come of it. */
export const GoldenTrace = defineEntity({
  name: 'GoldenTrace',
  tableName: 'golden_traces',
  properties: {
    id: p.uuid().$type<GoldenTraceId>().primary(),
    creatorId: creatorColumn(),
    programId: () => p.manyToOne(Program).mapToPk().fieldName('program_id').deleteRule('cascade'),
    name: p.text(),
    persona: p.json().$type<Persona>(),
    /** Lines, as shared/domain/journeys/simulate/golden-trace.ts writes them. */
    expected: p.text(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  uniques: [{ name: 'golden_traces_name', properties: ['programId', 'name'] }],
  policies: tenantPolicy('golden_traces'),
});
export type GoldenTrace = InferEntity<typeof GoldenTrace>;
