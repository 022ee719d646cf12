/** A Temporal server on which weeks pass in seconds. */
import protocol from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { searchAttributes } from '../../temporal/search-attributes.ts';

const { IndexedValueType } = protocol.temporal.api.enums.v1;

/**
 * Starts a time-skipping server that knows our search attributes; stop its workers, then call `teardown()`.
 * It has no list, count or schedules: those need the stack's real server. Give workflows an execution timeout, for the clock may jump to it
 * once a result is awaited; use one environment per test file.
 * The stack that tests run on says where the server is (CAIRN_TEST_SERVER).
 */
export const startTimeSkippingServer = async (): Promise<TestWorkflowEnvironment> => {
  const path = process.env.CAIRN_TEST_SERVER;
  if (!path) throw new Error('CAIRN_TEST_SERVER is not set: run the tests by npm test, or keep npm run test:stack up');
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  const types = Object.values(searchAttributes).map(({ name, type }) => [
    name,
    IndexedValueType[`INDEXED_VALUE_TYPE_${type}`],
  ]);
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(types),
  });
  return environment;
};
