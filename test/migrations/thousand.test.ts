/** A thousand journeys under way are moved while their worker is killed: none is lost, none is sent anything twice. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CoacheeId, type EnrollmentId, type IdentityId, newId } from '../../shared/contracts/ids.ts';
import { Delivery, Identity } from '../../shared/db/entities/channels.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { Migration, MigrationItem } from '../../shared/db/entities/migrations.ts';
import type { EnrollmentStatus } from '../../shared/domain/journeys/enrollments.ts';
import { sendJourneyEvent, startJourney } from '../../temporal/start/journeys.ts';
import { startMigration } from '../../temporal/start/migrations.ts';
import { startWorker, type WorkerProcess } from '../faults/worker-process.ts';
import { type FaultWorld, openFaultWorld } from '../faults/world.ts';
import { type GivenCreator, givenCreator, givenProgram } from '../support/factories.ts';
import { givenMigration, givenVersion } from '../support/migrations.ts';
import { asks, says } from '../support/steps.ts';

const GROUPS = { asleep: 450, asking: 300, paused: 150, parked: 100 } as const;
type Group = keyof typeof GROUPS;
/** So many of those asleep are spoken to afterwards; the others are to sleep on. */
const SPOKEN_TO = 100;
const LONGEST_MS = 240_000;
/** Where each group stands, before and after. */
const STANDS: Record<Group, { stepKey: string; status: EnrollmentStatus; moved: string }> = {
  asleep: { stepKey: 'rest', status: 'active', moved: 'rest' },
  asking: { stepKey: 'mood', status: 'active', moved: 'feeling' },
  paused: { stepKey: 'rest', status: 'paused', moved: 'rest' },
  parked: { stepKey: 'hello', status: 'parked', moved: 'hello' },
};

const fork = (goTo: string) => ({
  key: 'fork',
  type: 'branch',
  cases: [{ when: { trait: 'group', eq: 'asking' }, goTo }],
});
const rest = (days: number) => ({ key: 'rest', type: 'wait', for: { days }, next: 'end' });
const end = { key: 'end', type: 'finish' };
const before = [says('hello'), fork('mood'), rest(30), asks('mood', { next: 'end' }), end];
const after = [
  says('hello', 'Hello again'),
  fork('feeling'),
  rest(40),
  asks('feeling'),
  says('thanks'),
  asks('more'),
  end,
];

interface Person {
  group: Group;
  id: EnrollmentId;
  coacheeId: CoacheeId;
}

let world: FaultWorld;
let worker: WorkerProcess;
let owner: GivenCreator;
let people: Person[];
let spoken: { messages: number; keys: string[] };
let migrationId: Migration['id'];

const atOnce = async <Item>(items: Item[], work: (item: Item) => Promise<unknown>) => {
  const left = items.values();
  const lane = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: 20 }, lane));
};

const of = (group: Group) => people.filter((one) => one.group === group);
const tell = (group: Group, event: (id: string) => Parameters<typeof sendJourneyEvent>[2], most = 1000) =>
  atOnce(of(group).slice(0, most), async ({ id }) => {
    expect(await sendJourneyEvent(world.client, id, event(newId()))).toBe('accepted');
  });
const countAt = (stepKey: string, status: EnrollmentStatus, programVersion: number) =>
  owner.em().count(Enrollment, { stepKey, status, programVersion });
const spokenNow = async () => ({
  messages: await owner.em().count(Message, {}),
  keys: (await owner.em().find(Delivery, {}, { orderBy: { key: 'asc' } })).map(({ key }) => key),
});
const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 90_000, interval: 250 });

/** Rows of everybody, without a run. Who is parked is on no channel. */
const givenPeople = async (): Promise<{ programId: Enrollment['programId'] }> => {
  const { creatorId, webChannelId: channelId, em } = owner;
  const { programId, programVersionId, programVersion } = await givenProgram(owner, { steps: before });
  people = Object.entries(GROUPS).flatMap(([group, count]) =>
    Array.from({ length: count }, () => ({
      group: group as Group,
      id: newId<EnrollmentId>(),
      coacheeId: newId<CoacheeId>(),
    })),
  );
  const coachee = { creatorId, name: 'Mira', timeZone: 'Europe/Berlin', tags: [] };
  await em().insertMany(
    Coachee,
    people.map(({ group, coacheeId }) => ({ ...coachee, id: coacheeId, traits: { group } })),
  );
  await em().insertMany(
    Identity,
    people.filter(({ group }) => group !== 'parked').map(({ coacheeId }) => onWeb(coacheeId)),
  );
  const enrollment = { creatorId, programId, programVersionId, programVersion, status: 'active' as const };
  await em().insertMany(
    Enrollment,
    people.map(({ id, coacheeId }) => ({ ...enrollment, id, coacheeId, isTest: false })),
  );
  await atOnce(people, ({ id: enrollmentId }) =>
    startJourney(world.client, { creatorId, enrollmentId, programId, programVersion, isTest: false }),
  );
  return { programId };

  function onWeb(coacheeId: CoacheeId) {
    const id = newId<IdentityId>();
    return { id, creatorId, channelId, coacheeId, address: id };
  }
};

beforeAll(async () => {
  world = await openFaultWorld('migrations');
  worker = await startWorker(world);
  owner = await givenCreator(world.orm);
  const { programId } = await givenPeople();
  await soon(async () => {
    expect(await countAt('rest', 'active', 1)).toBe(GROUPS.asleep + GROUPS.paused);
    expect(await countAt('mood', 'active', 1)).toBe(GROUPS.asking);
    expect(await countAt('hello', 'parked', 1)).toBe(GROUPS.parked);
  });
  await tell('paused', (id) => ({ type: 'pause', id }));
  spoken = await spokenNow();

  await givenVersion(owner, programId, 2, { steps: after });
  const mapping = { mood: { goTo: 'feeling' } };
  ({ id: migrationId } = await givenMigration(owner, programId, { canary: { percent: 5 }, mapping }));
  const startedAtMs = Date.now();
  await startMigration(world.client, { creatorId: owner.creatorId, migrationId });
  await soon(async () => expect(await moved()).toBeGreaterThan(300));
  await worker.kill();
  const killedAt = await moved();
  worker = await startWorker(world);
  await soon(async () => expect((await owner.em().findOneOrFail(Migration, { id: migrationId })).status).toBe('done'));
  console.log(
    `killed after ${killedAt} of 1000; all moved ${Math.round((Date.now() - startedAtMs) / 1000)} s after the start`,
  );
}, LONGEST_MS);
afterAll(async () => {
  await worker?.stop();
  await world?.close();
}, 60_000);

const moved = () => owner.em().count(MigrationItem, { migrationId, status: 'moved' });

describe('a thousand journeys, moved while their worker was killed', () => {
  test('are all at their step in the new version, as active, paused or parked as before', async () => {
    expect(await moved()).toBe(1000);
    for (const group of Object.keys(GROUPS) as Group[]) {
      const { moved: stepKey, status } = STANDS[group];
      expect(await countAt(stepKey, status, 2), group).toBe(GROUPS[group]);
    }
  });

  test('were sent nothing by it', async () => {
    expect(await spokenNow()).toEqual(spoken);
  });

  test('all still answer, and are each sent once what comes next', { timeout: 90_000 }, async () => {
    await owner.em().insertMany(
      Identity,
      of('parked').map(({ coacheeId }) => {
        const id = newId<IdentityId>();
        return { id, creatorId: owner.creatorId, channelId: owner.webChannelId, coacheeId, address: id };
      }),
    );
    await tell('asking', (id) => ({ type: 'reply', id, text: 'fine' }));
    await tell('paused', (id) => ({ type: 'resume', id }));
    await tell('parked', (id) => ({ type: 'retry', id }));
    await tell('asleep', (id) => ({ type: 'pause', id }), SPOKEN_TO);
    await soon(async () => {
      expect(await countAt('more', 'active', 2)).toBe(GROUPS.asking);
      expect(await countAt('rest', 'active', 2)).toBe(GROUPS.asleep - SPOKEN_TO + GROUPS.paused + GROUPS.parked);
    });
    expect(await countAt('rest', 'paused', 2)).toBe(SPOKEN_TO);
    const now = await spokenNow();
    // Thanks and one question more for who answered; the greeting, at last, for who was parked.
    expect(now.messages - spoken.messages).toBe(2 * GROUPS.asking + GROUPS.parked);
    expect(now.keys).toEqual(expect.arrayContaining(spoken.keys));
  });
});
