/** Two creators: what one has does not exist for the other, through every route that reads and every table that is kept. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AlertId,
  type ChannelId,
  type CheckInId,
  type CohortId,
  type DeliveryId,
  type EnrollmentImportId,
  type MessageId,
  type MigrationId,
  newId,
  type ReminderFireId,
  type ReviewId,
  type VacationId,
} from '../../shared/contracts/ids.ts';
import { IdempotentRequest, RefreshToken } from '../../shared/db/entities/accounts.ts';
import { Delivery, JoinCode, JoinCodeUse } from '../../shared/db/entities/channels.ts';
import { Cohort } from '../../shared/db/entities/cohorts.ts';
import { InboundMessage, Message } from '../../shared/db/entities/conversations.ts';
import { EnrollmentEvent, EnrollmentImport, EnrollmentImportRow } from '../../shared/db/entities/enrollment-imports.ts';
import { Alert, HabitDay, ReminderAnchor, ReminderFire, Vacation } from '../../shared/db/entities/habits.ts';
import { entities } from '../../shared/db/entities/index.ts';
import { CheckIn, Entitlement, Review, TimelineEntry } from '../../shared/db/entities/journeys.ts';
import { Migration, MigrationItem } from '../../shared/db/entities/migrations.ts';
import { GoldenTrace } from '../../shared/db/entities/programs.ts';
import { withoutCreator } from '../../shared/db/orm.ts';
import { audit } from '../../shared/services/audit.ts';
import { type GivenCaller, givenCaller, startApi, type TestApi } from '../support/api.ts';
import { type GivenCoachee, givenCoachee, givenEnrollment, givenProgram } from '../support/factories.ts';
import { givenHabit, givenKeptHabit, givenReminder } from '../support/habits.ts';

let api: TestApi;
let ada: GivenCaller;
let eve: GivenCaller;
let adas: Awaited<ReturnType<typeof givenOneOfEach>>;
let operations: { method: string; path: string; parameters: string[] }[];

beforeAll(async () => {
  api = await startApi();
  ada = await givenCaller(api);
  eve = await givenCaller(api);
  adas = await givenOneOfEach(ada);
  operations = await signedInOperations();
});
afterAll(() => api.close());

const persona = { name: 'M', timeZone: 'UTC', startAt: '2026-01-01T00:00:00Z' };

/** At least one row of Ada's in every tenant table. */
const givenOneOfEach = async (owner: GivenCaller) => {
  const { creatorId, em, userId } = owner;
  const program = await givenProgram(owner, { steps: [{ key: 'hello', type: 'message', text: 'Hello' }] });
  const { coacheeId, identityId } = await givenCoachee(owner, owner.webChannelId);
  const enrollmentId = await givenEnrollment(owner, program, coacheeId);
  const messageId = newId<MessageId>();
  const channelId: ChannelId = owner.webChannelId;
  const row = { creatorId, coacheeId };
  const reviewId = newId<ReviewId>();
  await em().insert(Message, {
    ...row,
    id: messageId,
    direction: 'out',
    text: 'Hello',
    buttons: [],
    seq: 1,
    at: new Date(),
  });
  await em().insert(Delivery, {
    ...row,
    id: newId<DeliveryId>(),
    key: `test/${messageId}`,
    messageId,
    status: 'sent',
    enrollmentId,
  });
  await em().insert(TimelineEntry, {
    ...{ id: newId(), creatorId, enrollmentId, decisionKey: 'start/0', kind: 'started', detail: {} },
    ...{ at: new Date(), localTime: '2026-01-01T09:00:00+01:00' },
  });
  await em().insert(InboundMessage, {
    ...{ ...row, id: newId(), channelId, identityId, externalId: messageId, content: { kind: 'text', text: 'Hi' } },
  });
  const habits = await givenHabits(owner, coacheeId);
  await em().insert(Entitlement, { ...row, name: 'gold' });
  await em().insert(Review, {
    ...{ id: reviewId, creatorId, enrollmentId, stepKey: 'hello', occurrence: 1, text: 'Hello', status: 'open' },
  });
  const cohortId = newId<CohortId>();
  await em().insert(Cohort, { id: cohortId, creatorId, programId: program.programId, name: 'Spring', kind: 'rolling' });
  const importId = newId<EnrollmentImportId>();
  const ended = { status: 'cancelled' as const, endedAt: new Date() };
  await em().insert(EnrollmentImport, { id: importId, creatorId, programId: program.programId, ...ended });
  await em().insert(EnrollmentImportRow, { importId, creatorId, line: 2, newcomer: null, status: 'bad', errors: [] });
  await em().insert(EnrollmentEvent, { creatorId, eventId: messageId, name: 'paid', payload: {}, outcome: null });
  await em().insert(GoldenTrace, {
    ...{ id: newId(), creatorId, programId: program.programId, name: 'mira', persona, expected: 'Hello' },
  });
  const migrationId = newId<MigrationId>();
  const { programId, programVersionId } = program;
  await em().insert(Migration, {
    ...{ id: migrationId, creatorId, programId, fromVersionId: programVersionId, toVersionId: programVersionId },
    ...{ fromVersion: 1, toVersion: 1, mapping: {}, canary: 0, canaryPauseSeconds: 0, undoWithinHours: 0 },
    ...{ stopAt: { errorRate: 1, afterAtLeast: 1 }, status: 'done', finishedAt: new Date() },
  });
  await em().insert(MigrationItem, {
    ...{ creatorId, migrationId, enrollmentId, canary: false, lands: 'same', why: '', status: 'moved' },
  });
  await em().insert(JoinCode, { code: messageId, creatorId, programId: program.programId });
  await em().insert(JoinCodeUse, { code: messageId, creatorId, channelId, identityId });
  await em().insert(RefreshToken, {
    ...{ id: newId(), creatorId, userId, familyId: newId(), tokenHash: messageId, expiresAt: new Date() },
  });
  await em().insert(IdempotentRequest, { creatorId, key: messageId, fingerprint: 'x' });
  await audit(em(), { creatorId, actor: `user/${userId}`, action: 'test', subject: 'test' });
  const { body } = await owner.call('POST', '/v1/api-keys', { body: { name: 'shop', role: 'viewer' } });
  const ids = { coacheeId, enrollmentId, channelId, messageId, cohortId, importId, reviewId, migrationId, ...habits };
  return { ...program, ...ids, apiKeyId: body.clientId as string };
};

/** A habit that the coachee keeps, with all that comes of one. */
const givenHabits = async (owner: GivenCaller, coacheeId: GivenCoachee['coacheeId']) => {
  const { creatorId, em } = owner;
  const row = { creatorId, coacheeId };
  const today = new Date().toISOString().slice(0, 10);
  const habitId = await givenHabit(owner);
  await givenKeptHabit(owner, coacheeId, habitId, { startDate: today });
  const reminderId = await givenReminder(owner, { times: ['09:00'] }, { habitId, coacheeId });
  const checkInId = newId<CheckInId>();
  await em().insert(CheckIn, {
    ...{ ...row, id: checkInId, habit: 'water', habitId, date: today, key: checkInId, done: true, at: new Date() },
    localTime: '',
  });
  await em().insert(HabitDay, { ...row, habitId, date: today, status: 'done', progress: 1, amount: 0 });
  const vacationId = newId<VacationId>();
  await em().insert(Vacation, { ...row, id: vacationId, fromDate: '2026-07-06', toDate: '2026-07-19' });
  await em().insert(ReminderFire, {
    ...{ ...row, id: newId<ReminderFireId>(), ruleId: reminderId, habitId, date: today, time: '09:00' },
    ...{ habitDay: today, status: 'over', dueAt: new Date() },
  });
  await em().insert(ReminderAnchor, { ...row, eventId: checkInId, event: 'paid', date: today });
  const alertId = newId<AlertId>();
  await em().insert(Alert, { ...row, id: alertId, kind: 'reminderUnanswered', key: alertId, text: 'No answer.' });
  return { habitId, reminderId, checkInId, vacationId, alertId };
};

interface Operation {
  security?: unknown;
  parameters?: { in: string; name: string }[];
}

const signedInOperations = async () => {
  const { body } = await api.call('GET', '/openapi.json');
  const items = Object.entries(body.paths as Record<string, Record<string, Operation>>);
  return items.flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.security)
      .map(([method, { parameters = [] }]) => ({
        method: method.toUpperCase(),
        path,
        parameters: parameters.filter((one) => one.in === 'path').map((one) => one.name),
      })),
  );
};

/** Ada's ids for a path's parameters, by the resource before the first of them. A resource that is not here fails the test: add it. */
const idsFor = (path: string): Record<string, string> => {
  const resource = path.split('/')[2] ?? '';
  const known: Record<string, Record<string, string>> = {
    programs: { id: adas.programId, number: '1', name: 'mira' },
    coachees: { id: adas.coacheeId, name: 'gold', habitId: adas.habitId, vacationId: adas.vacationId },
    habits: { id: adas.habitId },
    reminders: { id: adas.reminderId },
    'check-ins': { id: adas.checkInId },
    alerts: { id: adas.alertId },
    enrollments: { id: adas.enrollmentId, name: 'pause' },
    members: { userId: ada.userId },
    'api-keys': { id: adas.apiKeyId },
    conversations: { coacheeId: adas.coacheeId },
    channels: { id: adas.channelId },
    reviews: { id: adas.reviewId },
    cohorts: { id: adas.cohortId },
    'enrollment-imports': { id: adas.importId },
    migrations: { id: adas.migrationId, order: 'undo' },
  };
  const ids = known[resource];
  if (!ids) throw new Error(`The tenancy test knows no id for ${path}`);
  return ids;
};

const filled = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const id = idsFor(path)[name];
    if (id === undefined) throw new Error(`The tenancy test knows no {${name}} for ${path}`);
    return id;
  });

const adasIds = () => [ada.creatorId, ada.userId, ...Object.values(adas).filter((value) => typeof value === 'string')];

describe('another creator', () => {
  test('finds nothing of it in any list', async () => {
    const lists = operations.filter(({ method, parameters }) => method === 'GET' && parameters.length === 0);
    expect(lists.length).toBeGreaterThanOrEqual(8);
    for (const { path } of lists) {
      const theirs = await eve.call('GET', path);
      expect(theirs.status, path).toBe(200);
      for (const id of adasIds()) expect(theirs.text, path).not.toContain(id);
    }
  });

  test('finds the same as what is not there through every route with an id', async () => {
    const reads = operations.filter(({ method, parameters }) => method === 'GET' && parameters.length > 0);
    expect(reads.length).toBeGreaterThanOrEqual(12);
    for (const { path } of reads) {
      const own = await ada.call('GET', filled(path));
      expect(own.status, `${path} for its owner`).not.toBe(404);
      const foreign = await eve.call('GET', filled(path));
      const missing = await eve.call('GET', filled(path).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, crypto.randomUUID()));
      expect(foreign.status, path).toBe(404);
      const { instance: _one, requestId: _two, ...said } = foreign.body;
      const { instance: _three, requestId: _four, ...saidOfMissing } = missing.body;
      expect(said, path).toEqual(saidOfMissing);
    }
  });

  test('changes nothing of it through any route with an id', async () => {
    const definition = { v: 1, title: 'Taken over', steps: [{ key: 'a', type: 'finish' }] };
    const bodies: Record<string, object> = {
      'PUT /v1/programs/{id}/draft': { definition },
      'POST /v1/reviews/{id}/decision': { verdict: 'approved' },
      'PATCH /v1/coachees/{id}': { name: 'Taken over' },
      'POST /v1/coachees/{id}/habits': { habitId: adas.habitId },
      'POST /v1/coachees/{id}/vacations': { from: '2026-07-06', to: '2026-07-19' },
      'POST /v1/coachees/{id}/check-ins': { habitId: adas.habitId, act: 'done' },
      'PUT /v1/coachees/{id}/email': { email: 'eve@example.org' },
      'POST /v1/programs/{id}/preview': { stepKey: 'hello' },
      'PATCH /v1/members/{userId}': { role: 'viewer' },
      'PATCH /v1/cohorts/{id}': { name: 'Taken over' },
      'POST /v1/programs/{id}/cohorts': { name: 'Taken over', kind: 'rolling' },
      'POST /v1/programs/{id}/simulate': { personas: [persona] },
      'PUT /v1/programs/{id}/traces/{name}': { persona },
      'POST /v1/programs/{id}/rollback': { version: 1 },
      'POST /v1/programs/{id}/migrations': { fromVersion: 1, toVersion: 2 },
      'POST /v1/programs/{id}/migrations/preview': { fromVersion: 1, toVersion: 2 },
    };
    const writes = operations.filter(({ method, parameters }) => method !== 'GET' && parameters.length > 0);
    expect(writes.length).toBeGreaterThan(8);
    for (const { method, path } of writes) {
      const answer = await eve.call(method, filled(path), { body: bodies[`${method} ${path}`] ?? {} });
      expect(answer.status, `${method} ${path}`).toBe(404);
    }
    expect((await ada.call('GET', `/v1/coachees/${adas.coacheeId}`)).body.name).toBe('Mira');
  });

  test('cannot enroll in its program, its cohort, nor its coachee', async () => {
    const own = await givenOneOfEach(eve);
    const enroll = (programId: string, coacheeId: string, cohortId?: string) =>
      eve.call('POST', '/v1/enrollments', { body: { programId, coacheeId, cohortId } });
    const free = await givenCoachee(eve, eve.webChannelId);
    expect((await enroll(own.programId, free.coacheeId, adas.cohortId)).status).toBe(404);
    expect((await enroll(adas.programId, own.coacheeId)).status).toBe(404);
    expect((await enroll(own.programId, adas.coacheeId)).status).toBe(404);
  });

  test('cannot give its habit to anybody, nor remind its coachee', async () => {
    const { coacheeId } = await givenCoachee(eve, eve.webChannelId);
    const post = (path: string, body: object) => eve.call('POST', path, { body });
    expect((await post(`/v1/coachees/${coacheeId}/habits`, { habitId: adas.habitId })).status).toBe(404);
    const rule = { times: ['09:00'] };
    for (const of of [{ habitId: adas.habitId }, { coacheeId: adas.coacheeId }]) {
      expect((await post('/v1/reminders', { rule, ...of })).status).toBe(404);
    }
  });
});

describe('the database', () => {
  const tenantTables = () =>
    entities
      .map(({ meta }) => meta)
      .filter(({ tableName, properties }) => tableName === 'creators' || 'creatorId' in properties);

  test('shows the app no row of any tenant table without a creator', async () => {
    expect(tenantTables().length).toBeGreaterThanOrEqual(entities.length - 1);
    const em = withoutCreator(api.deps.orm);
    for (const { tableName } of [...tenantTables(), { tableName: 'users' }]) {
      const [mine] = await ada.em().execute<object[]>(`select * from ${tableName} limit 1`);
      expect(mine, `${tableName} of its owner`).toBeDefined();
      const [column] = Object.keys(mine ?? {});
      expect(await em.execute(`select * from ${tableName}`), tableName).toEqual([]);
      expect(await em.execute(`update ${tableName} set ${column} = ${column} returning 1`), tableName).toEqual([]);
      expect(await em.execute(`delete from ${tableName} returning 1`), tableName).toEqual([]);
    }
  });

  test('has a policy on every table but the list of migrations', async () => {
    const rows = await withoutCreator(api.deps.orm).execute<{ relname: string }[]>(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and not relrowsecurity`,
    );
    expect(rows.map(({ relname }) => relname)).toEqual(['mikro_orm_migrations']);
  });

  test('refuses a row in another creator’s name', async () => {
    const forged = eve.em().insert(JoinCode, { code: crypto.randomUUID(), creatorId: ada.creatorId });
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  test('lets the app neither bypass policies nor read the list of migrations', async () => {
    const em = withoutCreator(api.deps.orm);
    const [role] = await em.execute('select rolsuper, rolbypassrls from pg_roles where rolname = current_user');
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false });
    await expect(em.execute('select * from mikro_orm_migrations')).rejects.toThrow(/permission denied/);
    await expect(em.execute('alter table users disable row level security')).rejects.toThrow(/owner/);
  });
});
