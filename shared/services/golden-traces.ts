/** Golden traces: simulations that were found good, which a program must go on giving. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { EXPECTED_MAX, TRACES_MOST } from '../contracts/golden-traces.ts';
import { type GoldenTraceId, newId, type ProgramId } from '../contracts/ids.ts';
import { GoldenTrace } from '../db/entities/programs.ts';
import { normalTranscript } from '../domain/journeys/simulate/golden-trace.ts';
import type { Persona } from '../domain/journeys/simulate/persona.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { getProgram } from './programs.ts';

const kept = (transcript: string): string => {
  const text = normalTranscript(transcript);
  if (text.length <= EXPECTED_MAX) return text;
  const message = `At most ${EXPECTED_MAX} characters`;
  throw invalid('This transcript is too long to be kept.', [{ path: 'expected', message }]);
};

/** Those of a program, by name. Throws CairnError `notFound` when the program is not there. */
export const listTraces = async (em: EntityManager, programId: ProgramId): Promise<GoldenTrace[]> => {
  await getProgram(em, programId);
  return em.find(GoldenTrace, { programId }, { orderBy: { name: 'asc' } });
};

export interface TraceContent {
  persona: Persona;
  expected: string;
}

/**
 * Makes a trace, or replaces the one of that name.
 * @throws CairnError `notFound` when the program is not there, `conflict` when it has as many as it may, `invalid` when the transcript is too
 * long to be kept.
 */
export const putTrace = async (
  em: EntityManager,
  programId: ProgramId,
  name: string,
  { persona, expected }: TraceContent,
): Promise<{ trace: GoldenTrace; isNew: boolean }> => {
  const { creatorId } = await getProgram(em, programId);
  const content = { persona, expected: kept(expected) };
  const there = await em.findOne(GoldenTrace, { programId, name });
  if (there) {
    em.assign(there, content);
    await em.flush();
    return { trace: there, isNew: false };
  }
  if ((await em.count(GoldenTrace, { programId })) >= TRACES_MOST) {
    throw conflict(`A program has ${TRACES_MOST} golden traces at most: take one away first.`);
  }
  const trace = em.create(GoldenTrace, {
    ...{ id: newId<GoldenTraceId>(), creatorId, programId, name, ...content },
    ...{ createdAt: new Date(), updatedAt: new Date() },
  });
  await em.flush();
  return { trace, isNew: true };
};

/** Throws CairnError `notFound`. */
export const deleteTrace = async (em: EntityManager, programId: ProgramId, name: string): Promise<void> => {
  if ((await em.nativeDelete(GoldenTrace, { programId, name })) === 0) throw notFound('golden trace');
};

/** Takes new transcripts for what the traces of these names shall give from now on. Throws CairnError `invalid` when one is too long. */
export const acceptTranscripts = async (
  em: EntityManager,
  programId: ProgramId,
  transcripts: { name: string; actual: string }[],
): Promise<void> => {
  if (transcripts.length === 0) return;
  const traces = await em.find(GoldenTrace, { programId, name: { $in: transcripts.map(({ name }) => name) } });
  const actual = new Map(transcripts.map((one) => [one.name, one.actual]));
  for (const trace of traces) trace.expected = kept(actual.get(trace.name) ?? trace.expected);
  await em.flush();
};
