/** An S3-compatible store: versitygw over a folder. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { goInstall } from './parts/go-install.ts';
import type { Part } from './parts/part.ts';
import { canConnect } from './reach.ts';
import { type Environment, LOOPBACK, type Server, type ServerContext } from './server.ts';

const REGION = 'us-east-1';
const BUCKET = 'cairn';

export const versitygw: Part = {
  name: 's3',
  version: '1.8.0',
  onPath: { command: 'versitygw', versionArgs: ['--version'], minimum: '1.1.0' },
  main: 'versitygw',
  ways: [goInstall('github.com/versity/versitygw/cmd/versitygw@v1.8.0')],
  remedy: 'Install Go (go.dev) or versitygw, or give S3_ENDPOINT with S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.',
};

const address = ({ port }: ServerContext): string => `${LOOPBACK}:${port('S3_PORT')}`;

const createBucket = async (environment: Environment): Promise<void> => {
  const { S3_ENDPOINT = '', S3_BUCKET: Bucket = BUCKET, S3_REGION: region = REGION } = environment;
  const { S3_ACCESS_KEY_ID: accessKeyId = '', S3_SECRET_ACCESS_KEY: secretAccessKey = '' } = environment;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint: S3_ENDPOINT, region, forcePathStyle: true, credentials });
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if ((error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== 404) throw error;
    await client.send(new CreateBucketCommand({ Bucket }));
  } finally {
    client.destroy();
  }
};

export const s3: Server = {
  name: 's3',
  addressVariable: 'S3_ENDPOINT',
  companions: ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  settings: ['S3_BUCKET', 'S3_REGION'],
  ports: [{ variable: 'S3_PORT', defaultPort: 17070, what: 'the S3 store' }],
  parts: [versitygw],
  async launch(context) {
    const objects = join(context.dataDir, 'objects');
    const versions = join(context.dataDir, 'versions');
    await Promise.all([mkdir(objects, { recursive: true }), mkdir(versions, { recursive: true })]);
    return {
      command: context.part('s3').main,
      args: ['--port', address(context), '--region', REGION, '--quiet', 'posix', '--versioning-dir', versions, objects],
      env: {
        ROOT_ACCESS_KEY: context.secrets.S3_ACCESS_KEY_ID,
        ROOT_SECRET_KEY: context.secrets.S3_SECRET_ACCESS_KEY,
      },
    };
  },
  isReady: (context) => canConnect(address(context)),
  environment: (context) => ({
    S3_ENDPOINT: `http://${address(context)}`,
    S3_REGION: REGION,
    S3_BUCKET: BUCKET,
    S3_ACCESS_KEY_ID: context.secrets.S3_ACCESS_KEY_ID,
    S3_SECRET_ACCESS_KEY: context.secrets.S3_SECRET_ACCESS_KEY,
  }),
  prepare: createBucket,
};
