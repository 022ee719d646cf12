import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrm } from '../../shared/db/orm.ts';
import { givenCaller, startApi, type TestApi } from '../support/api.ts';
import { testConfig } from '../support/environment.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('readiness', () => {
  test('names every server that is reached', async () => {
    expect((await api.call('GET', '/healthz')).status).toBe(200);
    const { status, body } = await api.call('GET', '/readyz');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 'ready',
      checks: { postgres: 'reachable', redis: 'reachable', temporal: 'reachable' },
    });
  });

  test('is lost, by name, with each of them', async () => {
    const redis = new Redis('redis://127.0.0.1:1', { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    redis.on('error', () => {});
    const orm = createOrm({ databaseUrl: 'postgres://nobody:x@127.0.0.1:1/none' });
    const pingTemporal = () => new Promise<void>(() => {});
    const lonely = await startApi({}, { redis, orm, pingTemporal });
    try {
      const { status, body } = await lonely.call('GET', '/readyz');
      expect(status).toBe(503);
      expect(body.checks).toEqual({ postgres: 'unreachable', redis: 'unreachable', temporal: 'unreachable' });
      expect((await lonely.call('GET', '/healthz')).status).toBe(200);
      const ada = await givenCaller(api);
      const refused = await lonely.call('GET', '/v1/me', { token: ada.token });
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('5');
      expect(refused.text).not.toMatch(/127\.0\.0\.1|ECONN/);
    } finally {
      redis.disconnect();
      await lonely.close();
    }
  });

  test('is lost on the way out, and connections are not kept open', async () => {
    const leaving = await startApi({}, { lifecycle: { draining: true } });
    try {
      const { status, body, headers } = await leaving.call('GET', '/readyz');
      expect([status, body.status, headers.get('connection')]).toEqual([503, 'draining', 'close']);
    } finally {
      await leaving.close();
    }
  });
});

test('metrics count requests by route, never by path', async () => {
  const ada = await givenCaller(api);
  await ada.call('GET', `/v1/coachees/${crypto.randomUUID()}`);
  await ada.call('GET', '/v1/no/such/path');
  const { text } = await api.call('GET', '/metrics');
  expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/v1/coachees/:id",status="404"} 1');
  expect(text).toContain('route="unmatched"');
  expect(text).not.toContain('/v1/no/such/path');
});

describe('the process', () => {
  let child: ChildProcess;
  let port: number;
  let output = '';

  beforeAll(async () => {
    port = await freePort();
    const config = testConfig();
    child = spawn(process.execPath, ['api/main.ts'], {
      env: {
        ...process.env,
        ...{
          PORT: String(port),
          LOG_LEVEL: 'info',
          RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000000',
          RATE_LIMIT_SIGN_IN_PER_MINUTE: '1000000',
        },
        CAIRN_JWT_SECRET: config.CAIRN_JWT_SECRET,
        CAIRN_COOKIE_SECRET: config.CAIRN_COOKIE_SECRET,
        CAIRN_ENCRYPTION_KEYS: config.CAIRN_ENCRYPTION_KEYS,
        TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS,
      },
    });
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    while (!output.includes('listening')) {
      if (child.exitCode !== null) throw new Error(output);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  afterAll(() => {
    child.kill('SIGKILL');
  });

  test('finishes what is under way when it is told to go, takes nothing new, and logs no secret', async () => {
    const password = 'this must never be logged';
    const body = JSON.stringify({
      creatorName: 'A',
      userName: 'A',
      email: `${crypto.randomUUID()}@example.org`,
      password,
    });
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    const head = `POST /v1/auth/register?code=not-to-be-logged HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(head + body.slice(0, 20));
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
    const toldMs = performance.now();
    socket.write(body.slice(20));
    const [code] = await once(child, 'exit');
    expect(performance.now() - toldMs).toBeLessThan(5_000);
    expect(received).toMatch(/^HTTP\/1\.1 422/);
    expect(code).toBe(0);
    expect(output).toContain('"route":"/v1/auth/register"');
    expect(output).not.toContain(password);
    expect(output).not.toContain('not-to-be-logged');
  });
});

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
};
