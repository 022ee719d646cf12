/** The golden traces of a program's file: `<name>.traces.yaml` beside it. */
import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { fieldErrors } from '../../shared/contracts/field-errors.ts';
import { tracesFile } from '../../shared/contracts/golden-traces.ts';
import { editYaml, parseYaml, YamlError } from '../../shared/contracts/yaml.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { pathOf } from './source.ts';

export interface FileTrace {
  name: string;
  persona: Persona;
  /** Null: nobody has said yet. */
  expected: string | null;
}

export interface TracesFile {
  /** As a person would name it. */
  file: string;
  text: string;
  traces: FileTrace[];
}

/** Null: there is no such file. Throws an Error that names file and line when it does not fit. */
export const readTraces = async (programFile: string): Promise<TracesFile | null> => {
  const { dir, name } = parse(programFile);
  const file = `${dir === '' ? '' : `${dir}/`}${name}.traces.yaml`;
  const text = await readFile(pathOf(file), 'utf8').catch(() => null);
  return text === null ? null : { file, text, traces: parseTraces(file, text) };
};

const parseTraces = (file: string, text: string): FileTrace[] => {
  const { value, positionOf } = parseText(file, text);
  const parsed = tracesFile.safeParse(value);
  if (!parsed.success) {
    const faults = fieldErrors(parsed.error).map(({ path, message }) => {
      return `${file}:${positionOf(path.split('.'))?.line ?? 1} ${path}: ${message}`;
    });
    throw new Error(faults.join('\n'));
  }
  return Object.entries(parsed.data.traces).map(([name, { persona, expected = null }]) => ({
    name,
    persona,
    expected,
  }));
};

const parseText = (file: string, text: string) => {
  try {
    return parseYaml(text);
  } catch (error) {
    if (error instanceof YamlError) throw new Error(`${file}: ${error.message}`);
    throw error;
  }
};

/** Writes what these traces shall give from now on; everything else in the file stays. */
export const writeExpected = async (
  { file, text }: TracesFile,
  transcripts: { name: string; actual: string }[],
): Promise<void> => {
  const edits = transcripts.map(({ name, actual }) => ({ path: ['traces', name, 'expected'], value: actual }));
  await writeFile(pathOf(file), editYaml(text, edits));
};
