/** Where journeys are lived quickly: the test database, and a time-skipping world on it. */
import { afterAll, beforeAll } from 'vitest';
import { createOrm, type Orm } from '../../shared/db/orm.ts';
import { testConfig } from './environment.ts';
import { openTimeSkippingWorld, type TimeSkippingWorld } from './time-skipping.ts';

export interface Stage {
  orm: Orm;
  world: TimeSkippingWorld;
}

/** The stage of a test file: called once at its top, complete when its first test begins, closed after its last. */
export const givenStage = (): Stage => {
  const stage = {} as Stage;
  beforeAll(async () => {
    stage.orm = createOrm({ databaseUrl: testConfig().DATABASE_URL });
    stage.world = await openTimeSkippingWorld({ orm: stage.orm });
  });
  afterAll(async () => {
    await stage.world.close();
    await stage.orm.close(true);
  });
  return stage;
};
