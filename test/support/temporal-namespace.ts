/** A Temporal namespace that no other test reaches into, on the stack's real server. */
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../../temporal/search-attributes.ts';
import { soon } from './soon.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

/** Registers it with our search attributes; it goes with the server. */
export const createNamespace = async ({ connection }: Client, namespace: string): Promise<void> => {
  const { workflowService, operatorService } = connection;
  await workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const attributes = Object.values(searchAttributes).map(
    ({ name, type }) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]] as const,
  );
  await soon(() =>
    operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(attributes) }),
  );
};
