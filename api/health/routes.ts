/** What machines ask: is it alive, is it ready, how is it doing. */
import type { AppParts } from '../app-parts.ts';
import { type Page, page } from '../http/route.ts';

const PROBE_MS = 2000;

type Probes = Record<'postgres' | 'redis' | 'temporal', () => Promise<unknown>>;

export const healthPages = ({ orm, redis, pingTemporal, lifecycle, metrics }: AppParts): Page[] => {
  const probes: Probes = {
    postgres: () => orm.em.fork().execute('select 1'),
    redis: () => redis.ping(),
    temporal: pingTemporal,
  };
  return [
    page({
      method: 'get',
      path: '/healthz',
      limit: 'none',
      handle: async (ctx) => {
        ctx.body = { status: 'alive' };
      },
    }),
    page({
      method: 'get',
      path: '/readyz',
      limit: 'none',
      handle: async (ctx) => {
        const checks = await probeAll(probes);
        const ready = !lifecycle.draining && Object.values(checks).every((one) => one === 'reachable');
        ctx.status = ready ? 200 : 503;
        ctx.body = { status: lifecycle.draining ? 'draining' : ready ? 'ready' : 'notReady', checks };
      },
    }),
    page({
      method: 'get',
      path: '/metrics',
      limit: 'none',
      handle: async (ctx) => {
        ctx.type = metrics.contentType;
        ctx.body = await metrics.metrics();
      },
    }),
  ];
};

/** Asks every server at once, each with two seconds to answer. */
const probeAll = async (probes: Probes): Promise<Record<string, 'reachable' | 'unreachable'>> => {
  const checks = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => [name, await answers(probe)] as const),
  );
  return Object.fromEntries(checks.map(([name, fine]) => [name, fine ? 'reachable' : 'unreachable']));
};

const answers = async (probe: () => Promise<unknown>): Promise<boolean> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), PROBE_MS);
  try {
    await Promise.race([probe(), late]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
};
