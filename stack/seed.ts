/**
 * Puts the demo creator in, with the demo programs published, the habits that they give, and a link that opens the web chat as a coachee; and the ops user that may read payloads in
 * the Temporal UI. Run again, it changes nothing. Its last line of output names the links for `npm start`.
 */
import { isDeepStrictEqual } from 'node:util';
import { loadConfig } from '../shared/config.ts';
import type { CreatorId } from '../shared/contracts/ids.ts';
import { programDefinition } from '../shared/contracts/programs.ts';
import { membershipsOf, userByEmail } from '../shared/db/directory.ts';
import { JoinCode } from '../shared/db/entities/channels.ts';
import { Program } from '../shared/db/entities/programs.ts';
import { createOrm, forCreator, type Orm } from '../shared/db/orm.ts';
import { ensureOpsUser, register } from '../shared/services/accounts.ts';
import { createProgramCode } from '../shared/services/join-codes.ts';
import { publish } from '../shared/services/program-versions.ts';
import { createProgram, getDraft, saveDraft } from '../shared/services/programs.ts';
import { DEMO_EMAIL, OPS_EMAIL } from './demo-accounts.ts';
import { demoProgram } from './demo-program.ts';
import { readDemoPrograms } from './demo-programs.ts';
import { seedHabits } from './seed-habits.ts';
import { seedPrograms } from './seed-programs.ts';

const passwordOf = (name: 'CAIRN_DEMO_PASSWORD' | 'CAIRN_OPS_PASSWORD'): string => {
  const password = process.env[name];
  if (!password) throw new Error(`${name} is not set; npm start generates it`);
  return password;
};

const demoCreator = async (orm: Orm): Promise<CreatorId> => {
  const known = await userByEmail(orm, DEMO_EMAIL);
  if (known) {
    const [membership] = await membershipsOf(orm, known.user_id);
    if (!membership) throw new Error(`${DEMO_EMAIL} belongs to no creator`);
    return membership.creator_id;
  }
  const password = passwordOf('CAIRN_DEMO_PASSWORD');
  const account = { creatorName: 'Calm Days', userName: 'Robin Demo', email: DEMO_EMAIL, password };
  return (await register(orm, account)).creatorId;
};

/** The demo program in its newest form, published; gives the code of the link that everyone may open. */
const demoJoinCode = (orm: Orm, creatorId: CreatorId): Promise<string> =>
  forCreator(orm, creatorId).transactional(async (em) => {
    const definition = programDefinition.parse(demoProgram);
    const known = await em.findOne(Program, { title: definition.title });
    const programId = known?.id ?? (await createProgram(em, creatorId, definition)).id;
    const draft = await getDraft(em, programId);
    if (!isDeepStrictEqual(draft.definition, definition)) await saveDraft(em, programId, definition, null);
    await publish(em, programId, { revision: null, note: 'The demo program', publishedBy: null });
    const code = await em.findOne(JoinCode, { programId, testMsPerDay: null, coacheeId: null });
    return (code ?? (await createProgramCode(em, { creatorId, programId, cohortId: null, testMsPerDay: null }))).code;
  });

const config = loadConfig(process.env);
const orm = createOrm({ databaseUrl: config.DATABASE_URL, poolSize: 2 });
try {
  await ensureOpsUser(orm, { email: OPS_EMAIL, name: 'Ops', password: passwordOf('CAIRN_OPS_PASSWORD') });
  const [creatorId, programs] = await Promise.all([demoCreator(orm), readDemoPrograms()]);
  const code = await demoJoinCode(orm, creatorId);
  await forCreator(orm, creatorId).transactional(async (em) => {
    await seedHabits(em, creatorId);
    await seedPrograms(em, creatorId, programs);
  });
  const links = {
    'Web chat, as a coachee': `${config.publicUrl}/join/${code}`,
    'Payloads in that UI': `${config.publicUrl}/codec (sign in as ${OPS_EMAIL})`,
    'As the demo creator': `POST ${config.publicUrl}/oauth/token (${DEMO_EMAIL})`,
  };
  console.log(JSON.stringify({ links }));
} finally {
  await orm.close();
}
