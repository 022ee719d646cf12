/** Answers for the orchestrator: alive, ready to take work, and in figures. */
import { createServer, type Server } from 'node:http';
import type { Worker } from '@temporalio/worker';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Config } from '../shared/config.ts';

/** Serves /healthz, /readyz (503 unless every worker polls) and /metrics on WORKER_HEALTH_PORT. */
export const serveHealth = async (config: Config, workers: Worker[]): Promise<Server> => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'cairn_worker_activities_in_flight',
    help: 'Activities that this process is running now, by task queue',
    labelNames: ['queue'],
    registers: [registry],
    collect() {
      for (const worker of workers) {
        this.set({ queue: worker.options.taskQueue }, worker.getStatus().numInFlightActivities);
      }
    },
  });
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: string, type = 'text/plain') => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    if (request.url === '/healthz') return answer(200, 'ok');
    if (request.url === '/readyz') {
      const idle = workers
        .filter((worker) => worker.getState() !== 'RUNNING')
        .map((worker) => worker.options.taskQueue);
      return idle.length === 0 ? answer(200, 'ok') : answer(503, `not polling: ${idle.join(', ')}`);
    }
    if (request.url === '/metrics') return answer(200, await registry.metrics(), registry.contentType);
    return answer(404, 'not found');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.WORKER_HEALTH_PORT, config.HOST, resolve);
  });
  return server;
};
