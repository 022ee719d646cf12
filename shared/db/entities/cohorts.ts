/** Cohorts: people who live a program together, from a fixed day or as they come. */
import { defineEntity, type InferEntity, type Opt, p } from '@mikro-orm/core';
import type { CohortId, UserId } from '../../contracts/ids.ts';
import type { CohortKind } from '../../domain/journeys/cohorts.ts';
import { Program } from './programs.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

export const Cohort = defineEntity({
  name: 'Cohort',
  tableName: 'cohorts',
  properties: {
    id: p.uuid().$type<CohortId>().primary(),
    creatorId: creatorColumn(),
    programId: () => p.manyToOne(Program).mapToPk().fieldName('program_id').deleteRule('cascade'),
    name: p.text(),
    kind: p.text().$type<CohortKind>(),
    /** Of a fixed one: the day (YYYY-MM-DD) on which its journeys take their first step, in each coachee's time zone. */
    startsOn: p.date().fieldName('starts_on').nullable(),
    /** Local time on that day, HH:MM. */
    startsAt: p.text().$type<Opt<string>>().fieldName('starts_at').default('08:00'),
    /** How many may be in it at most; null: any number. */
    cap: p.integer().nullable(),
    /** Whether people may still come in once a fixed one has started, or it was closed. */
    late: p.boolean().default(false),
    coachUserId: p.uuid().$type<UserId>().fieldName('coach_user_id').nullable(),
    closedAt: p.datetime().fieldName('closed_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'cohorts_program', properties: ['programId', 'id'] }],
  policies: tenantPolicy('cohorts'),
});
export type Cohort = InferEntity<typeof Cohort>;
