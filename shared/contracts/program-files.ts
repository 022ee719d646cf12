/**
 * A program as a file, in JSON or YAML: `toProgramFile` and back by `programDefinition`. The bytes depend on the content alone:
 * writing, reading and writing again gives the same ones, in either format and across the two.
 */
import { z } from 'zod';
import type { ProgramDefinition } from '../domain/journeys/definition.ts';
import { canonical } from './canonical.ts';
import { programDefinition } from './program-definition.ts';
import { toYaml } from './yaml.ts';

export const fileFormat = z.enum(['json', 'yaml']);
export type FileFormat = z.output<typeof fileFormat>;

/** RFC 8259 and RFC 9512. */
export const FILE_TYPES: Record<FileFormat, string> = { json: 'application/json', yaml: 'application/yaml' };

/** The definition with its fields in the schema's order; `canonicalDefinition(parsed)` says the same as `parsed`. */
export const canonicalDefinition = (definition: ProgramDefinition): ProgramDefinition =>
  canonical(programDefinition, definition) as ProgramDefinition;

/** The file's text, ending in a line feed. Comments and the layout of an imported file are not kept. */
export const toProgramFile = (definition: ProgramDefinition, format: FileFormat): string => {
  const ordered = canonicalDefinition(definition);
  return format === 'json' ? `${JSON.stringify(ordered, null, 2)}\n` : toYaml(ordered);
};
