import { z } from 'zod';
import { goldenTrace, traceResult } from '../../shared/contracts/golden-traces.ts';
import { FILE_TYPES } from '../../shared/contracts/program-files.ts';
import { programImport, programVersion } from '../../shared/contracts/programs.ts';
import { say } from '../progress.ts';
import { type ApiClient, ApiRefusal, signIn } from './api-client.ts';
import { tellFindings } from './findings.ts';
import { type ProgramSource, readSound } from './source.ts';
import { tellTrace, testFile } from './test.ts';
import { type FileTrace, readTraces } from './traces-file.ts';
import { holdsUnpublished } from './unpublished.ts';

interface Wishes {
  api: string;
  note?: string | undefined;
  /** Transcripts that differ are taken for right: those beside the file, and those that the server alone has. */
  accept: boolean;
  /** Changes to the draft that were never published may be lost. */
  overwrite: boolean;
}

/** Imports the file as the draft of its slug, with its traces, and publishes it. Gives 1 when it must be mended first. */
export const publishFile = async (file: string, { api, note, accept, overwrite }: Wishes): Promise<number> => {
  const source = await readSound(file);
  if (!source) return 1;
  const { slug } = source.definition;
  if (slug === undefined) throw new Error(`${file} has no slug: it would make a new program each time`);
  if (source.findings.length > 0) tellFindings(file, source.findings);
  if ((await readTraces(file)) && (await testFile(file, accept)) !== 0) return 1;
  const traces = (await readTraces(file))?.traces ?? [];
  try {
    const client = await signIn(api);
    if (!overwrite && (await holdsUnpublished(client, slug, file, source.definition))) return 1;
    await upload(client, source, traces, { note, accept });
    return 0;
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    tellRefusal(error);
    return 1;
  }
};

const upload = async (
  client: ApiClient,
  { text, format }: ProgramSource,
  traces: FileTrace[],
  { note, accept }: Pick<Wishes, 'note' | 'accept'>,
): Promise<void> => {
  const sent = { body: text, type: FILE_TYPES[format], reply: programImport };
  const { program, created, revision } = await client.send('POST', '/v1/programs/import', sent);
  say(`${program.slug}: ${created ? 'made' : 'draft replaced'}, revision ${revision}`);
  for (const { name, persona, expected } of traces) {
    const body = { persona, ...(expected !== null && { expected }) };
    await client.send('PUT', `/v1/programs/${program.id}/traces/${name}`, { body, reply: goldenTrace });
  }
  if (traces.length > 0)
    say(`${program.slug}: ${traces.length} golden trace${traces.length === 1 ? '' : 's'} uploaded`);
  const body = { revision, ...(note !== undefined && { note }), ...(accept && { traces: 'accept' }) };
  const path = `/v1/programs/${program.id}/publish`;
  const { number } = await client.send('POST', path, { body, reply: programVersion });
  const isNew = number !== program.publishedVersion;
  say(`${program.slug}: ${isNew ? `published as version ${number}` : `version ${number} says the same already`}`);
};

const tellRefusal = (refusal: ApiRefusal): void => {
  say(refusal.message);
  const traces = z.array(traceResult).safeParse(refusal.problem?.traces);
  for (const { name, difference } of traces.data ?? []) tellTrace(name, difference);
};
