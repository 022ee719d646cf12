/** A program's file: its definition, or everything that is wrong with it and on which line. */
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { fieldErrors } from '../../shared/contracts/field-errors.ts';
import type { FileFormat } from '../../shared/contracts/program-files.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { parseYaml, YamlError } from '../../shared/contracts/yaml.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import type { Finding } from '../../shared/domain/journeys/lint/findings.ts';
import { isPublishable, lint } from '../../shared/domain/journeys/lint/lint.ts';
import { tellFindings } from './findings.ts';

export interface LocatedFinding extends Finding {
  /** In the file, counted from 1; null where it is not known. */
  line: number | null;
}

export interface ProgramSource {
  /** As the person named it. */
  file: string;
  text: string;
  format: FileFormat;
  /** Null: it cannot be read as a definition, and `findings` says why. */
  definition: ProgramDefinition | null;
  findings: LocatedFinding[];
}

const FORMATS: Record<string, FileFormat> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };

/** npm and the bootstrap run commands in the clone's root; people name files from where they are. */
export const pathOf = (file: string): string => resolve(process.env.INIT_CWD ?? process.env.PWD ?? process.cwd(), file);

/** Throws where there is no such file, or none of a program. */
export const readSource = async (file: string): Promise<ProgramSource> => {
  const format = FORMATS[extname(file).toLowerCase()];
  if (!format) throw new Error(`${file} is no program: its name must end in .json, .yaml or .yml`);
  const text = await readFile(pathOf(file), 'utf8').catch((error: Error) => {
    throw new Error(`${file} cannot be read: ${error.message}`);
  });
  return { file, text, format, ...examine(text, format) };
};

/** As `readSource`, for what needs a definition without errors: tells what is wrong; null when there is something to mend. */
export const readSound = async (file: string): Promise<(ProgramSource & { definition: ProgramDefinition }) | null> => {
  const source = await readSource(file);
  const { definition, findings } = source;
  if (definition && isPublishable(findings)) return { ...source, definition };
  tellFindings(file, findings);
  return null;
};

type Examined = Pick<ProgramSource, 'definition' | 'findings'>;

const examine = (text: string, format: FileFormat): Examined => {
  try {
    const value: unknown = format === 'json' ? JSON.parse(text) : parseYaml(text).value;
    return understand(value, lineFinder(text));
  } catch (error) {
    if (!(error instanceof YamlError || error instanceof SyntaxError)) throw error;
    return { definition: null, findings: [malformed(error, text)] };
  }
};

type LineOf = (path: string) => number | null;

/** JSON is YAML too, as far as this is concerned: where it is not, lines are not told. */
const lineFinder = (text: string): LineOf => {
  try {
    const { positionOf } = parseYaml(text);
    return (path) => positionOf(path === '' ? [] : path.split('.'))?.line ?? null;
  } catch {
    return () => null;
  }
};

const understand = (value: unknown, lineOf: LineOf): Examined => {
  const parsed = programDefinition.safeParse(value);
  if (parsed.success) {
    const findings = lint(parsed.data).map((finding) => ({ ...finding, line: lineOf(finding.path) }));
    return { definition: parsed.data, findings };
  }
  const findings = fieldErrors(parsed.error).map(
    ({ path, message, code = 'invalid' }): LocatedFinding => ({
      ...{ code, severity: 'error', stepKey: stepKeyAt(value, path), path, message, line: lineOf(path) },
      remedy: `The field is ${path === '' ? 'the whole file' : path}.`,
    }),
  );
  return { definition: null, findings };
};

/** The key of the step that `steps.3.text` is in, where it has one. */
const stepKeyAt = (value: unknown, path: string): string | null => {
  const [, position] = /^steps\.(\d+)/.exec(path) ?? [];
  const { steps } = (value ?? {}) as { steps?: { key?: unknown }[] };
  const key = position === undefined ? undefined : steps?.[Number(position)]?.key;
  return typeof key === 'string' ? key : null;
};

const malformed = (error: YamlError | SyntaxError, text: string): LocatedFinding => {
  const remedy = 'Mend the file’s syntax; nothing in it could be looked at yet.';
  const finding = { code: 'malformed', severity: 'error', stepKey: null, path: '', message: error.message } as const;
  return {
    ...finding,
    remedy,
    line: error instanceof YamlError ? (error.position?.line ?? null) : lineIn(error, text),
  };
};

/** V8 tells the offset at the end of its message, or the line itself. */
const lineIn = ({ message }: SyntaxError, text: string): number | null => {
  const [, offset] = /at position (\d+)/.exec(message) ?? [];
  return offset === undefined ? null : text.slice(0, Number(offset)).split('\n').length;
};
