import { afterAll, describe, expect, test } from 'vitest';
import { Identity } from '../../shared/db/entities/channels.ts';
import { Coachee, Enrollment } from '../../shared/db/entities/journeys.ts';
import { createOrm } from '../../shared/db/orm.ts';
import { createPersonalCode } from '../../shared/services/join-codes.ts';
import { type JoinRequest, join } from '../../shared/services/joins.ts';
import { testConfig } from '../support/environment.ts';
import { type GivenCreator, givenChannel, givenCoachee, givenCreator, givenProgram } from '../support/factories.ts';
import { givenJoinCode } from '../support/telegram.ts';

const orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
afterAll(() => orm.close(true));

const steps = [{ key: 'hello', type: 'message', text: 'Hello' }];

const given = async () => {
  const owner = await givenCreator(orm);
  const program = await givenProgram(owner, { steps });
  const code = await givenJoinCode(owner, { programId: program.programId });
  return { owner, ...program, code };
};

const request = (owner: GivenCreator, code: string, address: string, more: Partial<JoinRequest> = {}): JoinRequest => ({
  creatorId: owner.creatorId,
  channelId: owner.webChannelId,
  address,
  code,
  name: 'Mira',
  timeZone: 'Europe/Berlin',
  ...more,
});

describe('a code that everyone may join by', () => {
  test('makes a coachee, an address and an active enrollment', async () => {
    const { owner, code, programId } = await given();
    const joined = await join(owner.em(), request(owner, code, 'a'));
    expect(joined).toMatchObject({ outcome: 'joined', toStart: true });
    expect(await owner.em().findOneOrFail(Coachee, joined.coacheeId)).toMatchObject({
      ...{ name: 'Mira', timeZone: 'Europe/Berlin', isTest: false },
    });
    expect(await owner.em().findOneOrFail(Enrollment, { programId })).toMatchObject({
      status: 'active',
      isTest: false,
    });
  });

  test('pressed ten times at once, it joins once', async () => {
    const { owner, code } = await given();
    const all = await Promise.all(Array.from({ length: 10 }, () => join(owner.em(), request(owner, code, 'a'))));
    expect(all.filter((one) => one.outcome === 'joined')).toHaveLength(1);
    expect(new Set(all.map((one) => one.enrollmentId)).size).toBe(1);
    expect(await owner.em().count(Coachee, {})).toBe(1);
    expect(await owner.em().count(Enrollment, {})).toBe(1);
  });

  test('opened by two addresses, it makes two coachees', async () => {
    const { owner, code } = await given();
    await join(owner.em(), request(owner, code, 'a'));
    await join(owner.em(), request(owner, code, 'b'));
    expect(await owner.em().count(Coachee, {})).toBe(2);
  });

  test('of a second program, it enrolls the coachee who is known', async () => {
    const { owner, code } = await given();
    const second = await givenProgram(owner, { steps });
    const first = await join(owner.em(), request(owner, code, 'a'));
    const other = await givenJoinCode(owner, { programId: second.programId });
    const joined = await join(owner.em(), request(owner, other, 'a', { name: 'Somebody' }));
    expect(joined).toMatchObject({ outcome: 'joined', coacheeId: first.coacheeId });
    expect((await owner.em().findOneOrFail(Coachee, first.coacheeId)).name).toBe('Mira');
  });

  test('with a pace, it makes a test coachee at that pace', async () => {
    const { owner, programId } = await given();
    const code = await givenJoinCode(owner, { programId, testMsPerDay: 2000 });
    const { coacheeId } = await join(owner.em(), request(owner, code, 'a'));
    expect((await owner.em().findOneOrFail(Coachee, coacheeId)).isTest).toBe(true);
    expect(await owner.em().findOneOrFail(Enrollment, { coacheeId })).toMatchObject({
      isTest: true,
      testMsPerDay: 2000,
    });
  });

  test('expired, unknown or another creator’s, it lets nobody in', async () => {
    const { owner, programId } = await given();
    const expired = await givenJoinCode(owner, { programId, expiresAt: new Date(Date.now() - 1000) });
    const { code: foreign } = await given();
    await expect(join(owner.em(), request(owner, expired, 'a'))).rejects.toMatchObject({ type: 'gone' });
    await expect(join(owner.em(), request(owner, 'none', 'a'))).rejects.toMatchObject({ type: 'notFound' });
    await expect(join(owner.em(), request(owner, foreign, 'a'))).rejects.toMatchObject({ type: 'notFound' });
    expect(await owner.em().count(Coachee, {})).toBe(0);
    expect(await owner.em().count(Identity, {})).toBe(0);
  });
});

describe('a personal code', () => {
  test('ties a second channel to the same coachee, once per channel', async () => {
    const { owner } = await given();
    const telegram = await givenChannel(owner, 'telegram');
    const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
    const { code } = await createPersonalCode(owner.em(), { creatorId: owner.creatorId, coacheeId });
    const there = { channelId: telegram };
    expect(await join(owner.em(), request(owner, code, '77', there))).toMatchObject({ outcome: 'linked', coacheeId });
    expect(await join(owner.em(), request(owner, code, '77', there))).toMatchObject({
      outcome: 'alreadyIn',
      coacheeId,
    });
    await expect(join(owner.em(), request(owner, code, '78', there))).rejects.toMatchObject({ type: 'gone' });
    expect(await owner.em().count(Coachee, {})).toBe(1);
    expect(await owner.em().count(Identity, { coacheeId })).toBe(2);
  });

  test('opened twice at once by two addresses, it goes to one of them', async () => {
    const { owner } = await given();
    const telegram = await givenChannel(owner, 'telegram');
    const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
    const { code } = await createPersonalCode(owner.em(), { creatorId: owner.creatorId, coacheeId });
    const opened = await Promise.allSettled(
      ['77', '78'].map((address) => join(owner.em(), request(owner, code, address, { channelId: telegram }))),
    );
    expect(opened.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('starts the enrollment that waited for it, with the name and zone that the person gave', async () => {
    const { owner, programId, programVersionId } = await given();
    const { coacheeId, identityId } = await givenCoachee(owner, owner.webChannelId, { name: 'M.', timeZone: 'UTC' });
    await owner.em().nativeDelete(Identity, { id: identityId });
    const em = owner.em();
    const enrollment = em.create(Enrollment, {
      ...{
        id: crypto.randomUUID() as never,
        creatorId: owner.creatorId,
        programId,
        programVersionId,
        programVersion: 1,
      },
      ...{ coacheeId, status: 'invited' },
    });
    await em.flush();
    const { code } = await createPersonalCode(owner.em(), {
      creatorId: owner.creatorId,
      coacheeId,
      enrollmentId: enrollment.id,
    });
    const joined = await join(owner.em(), request(owner, code, 'a'));
    expect(joined).toMatchObject({ outcome: 'joined', toStart: true, enrollmentId: enrollment.id });
    expect(await owner.em().findOneOrFail(Coachee, coacheeId)).toMatchObject({
      name: 'Mira',
      timeZone: 'Europe/Berlin',
    });
  });

  test('does not take over an address that is another coachee’s', async () => {
    const { owner } = await given();
    await givenCoachee(owner, owner.webChannelId, { address: 'taken' });
    const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
    const { code } = await createPersonalCode(owner.em(), { creatorId: owner.creatorId, coacheeId });
    await expect(join(owner.em(), request(owner, code, 'taken'))).rejects.toMatchObject({ type: 'conflict' });
  });

  test('expires after seven days', async () => {
    const { owner } = await given();
    const { coacheeId } = await givenCoachee(owner, owner.webChannelId);
    const code = await givenJoinCode(owner, { coacheeId, expiresAt: new Date(Date.now() - 1) });
    await expect(join(owner.em(), request(owner, code, 'b'))).rejects.toMatchObject({ type: 'gone' });
  });
});
