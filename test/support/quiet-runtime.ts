import { DefaultLogger, Runtime } from '@temporalio/worker';

let quiet = false;

/** Only errors of the SDK are worth a test's output; call it before the file's first worker. */
export const quietRuntime = (): void => {
  if (!quiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  quiet = true;
};
