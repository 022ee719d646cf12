/** Temporal's time-skipping server: weeks of a workflow pass in seconds. Tests start one each; the stack only provides it. */
import { mavenProgram } from './parts/maven.ts';
import type { Part } from './parts/part.ts';
import { temporalDownload } from './parts/temporal-download.ts';

const EXECUTABLE = 'temporal-test-server';
const VERSION = '1.38.0';

export const timeSkippingServer: Part = {
  name: EXECUTABLE,
  version: VERSION,
  main: EXECUTABLE,
  ways: [
    temporalDownload(EXECUTABLE, EXECUTABLE),
    mavenProgram(
      {
        groupId: 'io.temporal',
        artifactId: 'temporal-test-server',
        version: VERSION,
        mainClass: 'io.temporal.testserver.TestServer',
      },
      EXECUTABLE,
    ),
  ],
  remedy: 'Install a JDK and Maven (apt-get install default-jdk-headless maven).',
};
