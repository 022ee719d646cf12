/** Transactions begin without waiting, and are none the less of one tenant, whole, and over when they are over. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../shared/contracts/ids.ts';
import { Coachee } from '../../shared/db/entities/journeys.ts';
import { createOrm, forCreator, type Orm, reading } from '../../shared/db/orm.ts';
import { testConfig } from '../support/environment.ts';
import { type GivenCreator, givenCoachee, givenCreator } from '../support/factories.ts';

const databaseUrl = testConfig().DATABASE_URL;
const CREATORS = 12;
const ROUNDS = 25;

let orm: Orm;
/** With one connection: what one transaction leaves behind, the next one finds. */
let narrow: Orm;
let owners: GivenCreator[];

beforeAll(async () => {
  orm = createOrm({ databaseUrl, poolSize: 3 });
  narrow = createOrm({ databaseUrl, poolSize: 1 });
  owners = await Promise.all(Array.from({ length: CREATORS }, () => givenCreator(orm)));
  await Promise.all(owners.map((owner) => givenCoachee(owner, owner.webChannelId)));
});
afterAll(async () => {
  await Promise.all([orm.close(true), narrow.close(true)]);
});

const owner = (): GivenCreator => owners[0] as GivenCreator;
const em = () => forCreator(narrow, owner().creatorId);
type Work = (tx: EntityManager) => Promise<unknown>;
const losing = (manager: EntityManager, lose: Work) => reading(manager, () => lose(manager));
const rename = { name: 'Changed' };

describe('a transaction', () => {
  it('sees its own tenant only, however many begin and end at once on few connections', async () => {
    const seen = await Promise.all(
      Array.from({ length: CREATORS * ROUNDS }, async (_, index) => {
        const { creatorId } = owners[index % CREATORS] as GivenCreator;
        const manager = forCreator(orm, creatorId);
        const find = () => manager.find(Coachee, {});
        const found =
          index % 2 === 0 ? await reading(manager, find) : await manager.transactional((tx) => tx.find(Coachee, {}));
        return found.length === 1 && found[0]?.creatorId === creatorId;
      }),
    );
    expect(seen).toEqual(seen.map(() => true));
  });

  it('leaves no tenant behind on its connection', async () => {
    const manager = em();
    expect(await reading(manager, () => manager.find(Coachee, {}))).toHaveLength(1);
    expect(await narrow.em.fork().find(Coachee, {})).toEqual([]);
  });

  it('is rolled back whole when its first statement fails, and the connection goes on', async () => {
    await expect(em().transactional((tx) => tx.execute('select 1 / 0'))).rejects.toThrow('division by zero');
    expect(await em().count(Coachee, {})).toBe(1);
  });

  it('is rolled back when it throws later', async () => {
    const failing = em().transactional(async (tx) => {
      await tx.nativeUpdate(Coachee, {}, rename);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await em().count(Coachee, rename)).toBe(0);
  });

  it('nests', async () => {
    await em().transactional(async (tx) => {
      const inner = tx.transactional(async (nested) => {
        await nested.nativeUpdate(Coachee, {}, rename);
        throw new Error('no');
      });
      await expect(inner).rejects.toThrow('no');
      expect(await tx.count(Coachee, rename)).toBe(0);
    });
  });

  it('refuses every statement when its tenant could not be set', async () => {
    const manager = narrow.em.fork();
    manager.setSessionContext({ variables: { 'no such setting': 'x' } });
    await expect(manager.transactional((tx) => tx.execute('select 1'))).rejects.toThrow('transaction is aborted');
    expect(await em().count(Coachee, {})).toBe(1);
  });

  it('takes a tenant as a value, whatever it says', async () => {
    const odd = newId();
    const manager = forCreator(
      narrow,
      `${odd}', true); select set_config('app.creator_id', '${owner().creatorId}` as never,
    );
    await expect(manager.find(Coachee, {})).rejects.toThrow('invalid input syntax for type uuid');
    expect(await em().count(Coachee, {})).toBe(1);
  });

  it.each([
    ['writes', (lose: Work) => em().transactional(lose)],
    ['only reads', (lose: Work) => losing(em(), lose)],
  ])('that %s fails when its connection is lost, and the next one gets another', async (_, transaction) => {
    await expect(transaction((tx) => tx.execute('select pg_terminate_backend(pg_backend_pid())'))).rejects.toThrow();
    expect(await em().count(Coachee, {})).toBe(1);
  });
});

describe('reading', () => {
  it('cannot write', async () => {
    const manager = em();
    const writing = reading(manager, () => manager.nativeUpdate(Coachee, {}, rename));
    await expect(writing).rejects.toThrow('read-only transaction');
    expect(await em().count(Coachee, rename)).toBe(0);
  });

  it('sees one moment', async () => {
    const manager = forCreator(orm, owner().creatorId);
    await reading(manager, async () => {
      const before = await manager.execute('select transaction_timestamp() as at');
      expect(await manager.execute('select transaction_timestamp() as at')).toEqual(before);
    });
  });

  it('lets the next transaction write at once', async () => {
    const manager = em();
    await reading(manager, () => manager.find(Coachee, {}));
    await em().transactional((tx) => tx.nativeUpdate(Coachee, {}, { name: 'Mira' }));
    expect(await em().count(Coachee, { name: 'Mira' })).toBe(1);
  });
});
