/** The worker process of the no-op workflows: like Cairn's, with the same payload codec; tells its parent over IPC what ran. */
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadConfig } from '../../../shared/config.ts';
import { dataConverter } from '../../../temporal/client.ts';
import { NOOP_QUEUE, type NoopActivities, type NoopRan } from './protocol.ts';

const tell = (told: NoopRan | 'ready'): void => {
  process.send?.(told);
};

const activities: NoopActivities = {
  touch: async () => tell({ workflowId: Context.current().info.workflowExecution?.workflowId ?? '', atMs: Date.now() }),
};

const config = loadConfig(process.env);
Runtime.install({ logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  taskQueue: NOOP_QUEUE,
  workflowBundle: await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('workflows.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  }),
  dataConverter: dataConverter(config),
  activities,
  sinks: {
    noop: { ran: { fn: ({ workflowId }) => tell({ workflowId, atMs: Date.now() }), callDuringReplay: false } },
  },
});
// A parent that died leaves nobody to work for.
process.once('disconnect', () => {
  if (worker.getState() === 'RUNNING') worker.shutdown();
});
const running = worker.run();
tell('ready');
await running;
await connection.close();
if (process.connected) process.disconnect();
