import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { Config } from '../shared/config.ts';
import { parseKeyRing } from '../shared/crypto/key-ring.ts';
import { createPayloadCodec } from './codec.ts';

type TemporalConfig = Pick<Config, 'TEMPORAL_ADDRESS' | 'TEMPORAL_NAMESPACE' | 'CAIRN_ENCRYPTION_KEYS'>;

/** The data converter of every client and worker: JSON, encrypted. */
export const dataConverter = (config: Pick<Config, 'CAIRN_ENCRYPTION_KEYS'>): DataConverter => ({
  payloadCodecs: [createPayloadCodec(parseKeyRing(config.CAIRN_ENCRYPTION_KEYS))],
});

/** A client of the configured server and namespace; rejects when the server cannot be reached. Close `client.connection` at the end. */
export const connectTemporal = async (config: TemporalConfig): Promise<Client> =>
  new Client({
    connection: await Connection.connect({ address: config.TEMPORAL_ADDRESS }),
    namespace: config.TEMPORAL_NAMESPACE,
    dataConverter: dataConverter(config),
  });
