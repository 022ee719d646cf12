/** The main job, whole: the seeded creator's program, lived by a coachee on the web chat through the real API and the real workers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedDemo, startApplication } from '../../stack/application.ts';
import { type DemoLine, walkDemo } from '../../stack/demo/walk.ts';
import { DEMO_EMAIL } from '../../stack/demo-accounts.ts';
import { demoProgram } from '../../stack/demo-program.ts';
import { freePorts } from '../../stack/ports.ts';
import { type Supervised, stopAll } from '../../stack/processes/supervise.ts';
import { type OwnWorld, openOwnWorld } from '../support/own-world.ts';

const PASSWORD = 'a password of the demo';

let world: OwnWorld;
let folder: string;
let application: Supervised[] = [];
let apiUrl: string;
let links: Record<string, string>;

beforeAll(async () => {
  world = await openOwnWorld('e2e');
  folder = await mkdtemp(join(tmpdir(), 'cairn-e2e-'));
  const ports = await freePorts([
    { variable: 'PORT', defaultPort: 0, what: 'API' },
    { variable: 'WORKER_HEALTH_PORT', defaultPort: 0, what: 'health' },
  ]);
  const environment = {
    ...world.environment,
    ...Object.fromEntries([...ports].map(([variable, port]) => [variable, String(port)])),
    CAIRN_DEMO_PASSWORD: PASSWORD,
    CAIRN_OPS_PASSWORD: PASSWORD,
  };
  const { signal } = new AbortController();
  links = await seedDemo(environment, signal);
  application = await startApplication(folder, environment, signal);
  apiUrl = `http://127.0.0.1:${ports.get('PORT')}`;
}, 180_000);

afterAll(async () => {
  await stopAll(application);
  await world.close();
  await rm(folder, { recursive: true });
}, 60_000);

describe('the demo program', () => {
  it('is lived by a coachee exactly as the simulator foretold', async () => {
    const heard: DemoLine[] = [];
    const demo = { apiUrl, email: DEMO_EMAIL, password: PASSWORD };

    const { faults, steps } = await walkDemo(demo, 1_000, (line) => heard.push(line));

    expect(faults).toEqual([]);
    expect(steps).toBeGreaterThan(demoProgram.steps.length / 2);
    const times = heard.flatMap(({ localTime }) => (localTime ? [Date.parse(localTime.slice(4))] : []));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }, 150_000);

  it('has a link that opens the web chat', async () => {
    const page = await fetch(links['Web chat, as a coachee'] ?? '');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(demoProgram.title);
  });
});
