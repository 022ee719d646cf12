/** The servers of the test stack, each asked for what the application needs of it. */
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { ChromaClient } from 'chromadb';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { createOrm } from '../../shared/db/orm.ts';
import { searchAttributes } from '../../temporal/search-attributes.ts';
import { startTimeSkippingServer } from '../support/time-skipping-server.ts';

const variable = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests by npm test, or keep npm run test:stack up`);
  return value;
};

const query = async <Row>(url: string, sql: string): Promise<Row[]> => {
  const orm = createOrm({ databaseUrl: url, poolSize: 1 });
  try {
    return await orm.em.getConnection().execute<Row[]>(sql);
  } finally {
    await orm.close(true);
  }
};

test('Postgres: the app connects as a role that row-level security binds and that owns nothing', async () => {
  const [role] = await query<{ rolname: string; rolsuper: boolean; rolbypassrls: boolean; owned: number }>(
    variable('DATABASE_URL'),
    `select rolname, rolsuper, rolbypassrls, (select count(*)::int from pg_tables where tableowner = current_user) as owned
     from pg_roles where rolname = current_user`,
  );

  expect(role).toEqual({ rolname: 'cairn_app', rolsuper: false, rolbypassrls: false, owned: 0 });
});

test('Postgres: the extensions are there, in a schema of their own, and the owner made the tables', async () => {
  const owner = variable('DATABASE_OWNER_URL');

  const extensions = await query<{ extname: string }>(
    owner,
    `select extname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where nspname = 'extensions' order by 1`,
  );
  const owners = await query<{ tableowner: string }>(
    owner,
    `select distinct tableowner from pg_tables where schemaname = 'public'`,
  );

  expect(extensions.map(({ extname }) => extname)).toEqual(['pg_stat_statements', 'uuid-ossp']);
  expect(owners).toEqual([{ tableowner: 'cairn_owner' }]);
});

test('Temporal: the namespace knows our search attributes', async () => {
  const connection = await Connection.connect({ address: variable('TEMPORAL_ADDRESS') });
  onTestFinished(() => connection.close());

  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });

  expect(Object.keys(customAttributes ?? {})).toEqual(expect.arrayContaining(Object.keys(searchAttributes)));
  await expect(new Client({ connection }).workflow.count('isTest = true')).resolves.toMatchObject({
    count: expect.any(Number),
  });
});

test('Redis answers, to those who know its password', async () => {
  const url = new URL(variable('REDIS_URL'));
  const client = new Redis(url.href);
  onTestFinished(() => client.disconnect());
  await expect(client.ping()).resolves.toBe('PONG');

  url.password = '';
  const stranger = new Redis(url.href, { lazyConnect: true, retryStrategy: null });
  stranger.on('error', () => undefined);
  onTestFinished(() => stranger.disconnect());
  await expect(stranger.get('x')).rejects.toThrow('NOAUTH');
});

test('the S3 store keeps an object in its bucket', async () => {
  const accessKeyId = variable('S3_ACCESS_KEY_ID');
  const secretAccessKey = variable('S3_SECRET_ACCESS_KEY');
  const client = new S3Client({
    endpoint: variable('S3_ENDPOINT'),
    region: variable('S3_REGION'),
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  onTestFinished(() => client.destroy());
  const object = { Bucket: variable('S3_BUCKET'), Key: 'notes/a b.txt' };

  await client.send(new PutObjectCommand({ ...object, Body: 'a calm week' }));
  const { Body } = await client.send(new GetObjectCommand(object));
  await client.send(new DeleteObjectCommand(object));

  expect(await Body?.transformToString()).toBe('a calm week');
});

test('Ollama embeds and answers, and Chroma finds what was embedded', async () => {
  const ask = async <Answer>(path: string, body: object): Promise<Answer> => {
    const url = `${variable('OLLAMA_BASE_URL')}${path}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ stream: false, ...body }) });
    return (await response.json()) as Answer;
  };
  const embed = async (input: string[]): Promise<number[][]> =>
    (await ask<{ embeddings: number[][] }>('/api/embed', { model: variable('OLLAMA_EMBEDDING_MODEL'), input }))
      .embeddings;
  const { hostname: host, port } = new URL(variable('CHROMA_URL'));
  const chroma = new ChromaClient({ host, port: Number(port), ssl: false });

  const documents = ['Drink a glass of water each morning.', 'The invoice is due on Friday.'];
  const collection = await chroma.createCollection({
    name: 'stack-test',
    embeddingFunction: null,
    configuration: { hnsw: { space: 'cosine' } },
  });
  await collection.add({ ids: ['water', 'invoice'], documents, embeddings: await embed(documents) });
  const found = await collection.query({ queryEmbeddings: await embed(['How do I stay hydrated?']), nResults: 1 });
  await chroma.deleteCollection({ name: 'stack-test' });
  const messages = [{ role: 'user', content: 'Say hello.' }];
  const { message } = await ask<{ message: { content: string } }>('/api/chat', {
    model: variable('OLLAMA_CHAT_MODEL'),
    messages,
    options: { num_predict: 20 },
  });

  expect(found.ids).toEqual([['water']]);
  expect(message.content).not.toBe('');
});

test('the time-skipping server lets a week pass in a moment', async () => {
  const environment = await startTimeSkippingServer();
  onTestFinished(() => environment.teardown());
  const before = await environment.currentTimeMs();

  await environment.sleep('7 days');

  expect((await environment.currentTimeMs()) - before).toBeGreaterThanOrEqual(7 * 24 * 3_600_000);
});
