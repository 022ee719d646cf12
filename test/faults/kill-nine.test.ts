/**
 * kill -9 of the worker, at random moments and at every named point of a send, while people live their journeys on Telegram: nothing is lost,
 * nothing is sent twice, and every send of which nobody can know is visible as such. The same FAULT_SEED kills at the same moments.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SendPoint } from '../../activities/journeys/send-message.ts';
import { Delivery } from '../../shared/db/entities/channels.ts';
import { JOURNEYS_QUEUE } from '../../temporal/queues.ts';
import { type Killed, killAgainAndAgain, randomFrom } from './kills.ts';
import { answerQuestions, creatorsOf, givenPeople, type Person, untilAllHaveFinished } from './people.ts';
import { HAND_OVER, type Point } from './points.ts';
import { judge, type SendVerdict, type Verdict } from './verdict.ts';
import { startWorker } from './worker-process.ts';
import { type FaultWorld, openFaultWorld } from './world.ts';

const PEOPLE = 200;
/** Each has a bot: a bot's limit of 28 messages a second is not what is tested here. */
const CREATORS = 5;
const RANDOM_KILLS = 30;
/**
 * The first is healed by the reconcile, which leaves messages alone until they are 20 seconds old. The last one's send begins again from its
 * beginning, where another kill could catch it.
 */
const POINTS: Point[] = [HAND_OVER, 'reserved', 'called', 'recorded', 'beforeReserve'];
const LONGEST_MS = 15 * 60_000;

let world: FaultWorld;
let people: Person[];
let kills: Killed[];
let verdict: Verdict;

beforeAll(async () => {
  const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
  const startedAtMs = Date.now();
  world = await openFaultWorld();
  people = await givenPeople(world, PEOPLE, CREATORS);
  const answering = answerQuestions(people);
  kills = await killAgainAndAgain(world, people, {
    random: randomFrom(seed),
    randomBefore: RANDOM_KILLS / POINTS.length,
    points: POINTS,
  });
  const killedAtMs = Date.now();
  const last = await startWorker(world);
  // As its schedule does every minute.
  await world.client.workflow.execute('reconcile', {
    workflowId: 'reconcile/by-hand',
    taskQueue: JOURNEYS_QUEUE,
    args: [],
  });
  await untilAllHaveFinished(people);
  await answering.stop();
  await untilConversationsAreOver();
  await last.stop();
  verdict = await judge(people);
  const inSeconds = (ms: number) => Math.round(ms / 1000);
  const ambiguous = verdict.sends.filter(({ status }) => status === 'ambiguous');
  console.log(
    `FAULT_SEED=${seed}: ${kills.length} kills in ${inSeconds(killedAtMs - startedAtMs)} s, all over ${inSeconds(Date.now() - killedAtMs)} s later; ` +
      `of ${verdict.sends.length} sends ${ambiguous.length} ambiguous, ${ambiguous.filter(({ copies }) => copies === 1).length} of them arrived`,
  );
}, LONGEST_MS);
afterAll(() => world.close(), 60_000);

const runsThatAre = async (status: string) =>
  (await world.client.workflow.count(`ExecutionStatus = '${status}'`)).count;

/** A conversation whose worker was killed while it routed goes on half a minute later, when its journey may long have finished. */
const untilConversationsAreOver = () =>
  vi.waitFor(
    async () => {
      const inbound = (await Promise.all(creatorsOf(people).map((creator) => creator.inbound()))).flat();
      expect(inbound.filter(({ handledAt }) => !handledAt)).toEqual([]);
      expect(await runsThatAre('Running')).toBe(0);
    },
    { timeout: 150_000, interval: 500 },
  );

/** The send at which the process ended itself. */
const sendAt = (point: SendPoint): SendVerdict | undefined => {
  const killed = kills.find((kill) => kill.point === point);
  return verdict.sends.find(({ key }) => key === killed?.key);
};

describe('a worker that was killed 30 times at random and once at each named point', () => {
  test('was killed as often as that, with people under way each time', () => {
    expect(kills.filter(({ point }) => point === 'random')).toHaveLength(RANDOM_KILLS);
    expect(kills.map(({ point }) => point).filter((point) => point !== 'random')).toEqual(POINTS);
    expect(kills.filter(({ underWay }) => underWay === 0)).toEqual([]);
  });

  test('lost nothing and sent nothing twice', () => {
    expect(verdict.faults).toEqual([]);
  });

  test.each([
    ['beforeReserve', 'sent', 1],
    ['reserved', 'ambiguous', 0],
    ['called', 'ambiguous', 1],
    ['recorded', 'sent', 1],
  ] as const)('%s: the send is %s, with %i copies', (point, status, copies) => {
    expect(sendAt(point)).toMatchObject({ status, copies });
  });

  test('handOver: the message that Telegram has forgotten was handed over by the reconcile, and answered the question', async () => {
    const killed = kills.find(({ point }) => point === HAND_OVER);
    const found = await Promise.all(creatorsOf(people).map(({ inbound }) => inbound()));
    const message = found.flat().find(({ id }) => id === killed?.key);
    expect(message?.handledAt).toBeInstanceOf(Date);
    expect(message?.takenBy).toBeTruthy();
  });

  test('shows every ambiguous send in the ledger by its status, with the reason', async () => {
    const rows = await Promise.all(creatorsOf(people).map(({ em }) => em().find(Delivery, { status: 'ambiguous' })));
    const expected = verdict.sends.filter(({ status }) => status === 'ambiguous').map(({ key }) => key);
    expect(
      rows
        .flat()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(expected.sort());
    expect(rows.flat().filter(({ reason }) => !reason)).toEqual([]);
  });

  test('left no run behind that still goes on, or ended otherwise than by finishing', async () => {
    for (const status of ['Running', 'Failed', 'Terminated', 'TimedOut', 'Canceled']) {
      expect(await runsThatAre(status), status).toBe(0);
    }
  });
});
