/** YAML 1.2 as files of people hold it: errors with line and column, and nothing in it that could harm who reads it. */
import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';

export interface YamlPosition {
  /** Counted from 1. */
  line: number;
  column: number;
}

/** A text that is no YAML, or such as is refused. `message` names line and column where there are any. */
export class YamlError extends Error {
  readonly position: YamlPosition | null;

  constructor(message: string, position: YamlPosition | null) {
    super(position ? `Line ${position.line}, column ${position.column}: ${message}` : message);
    this.name = 'YamlError';
    this.position = position;
  }
}

export interface ParsedYaml {
  value: unknown;
  /** Where the value at this path begins, or the nearest one around it; null in an empty document. */
  positionOf(path: readonly (string | number)[]): YamlPosition | null;
}

/** What its aliases stand for may be written out so often: more is a bomb. */
const ALIASES_MOST = 100;

/**
 * Reads one document of the core schema.
 * @throws YamlError where it is malformed, has a key twice or a key that is no plain value, or where its aliases expand to too much.
 */
export const parseYaml = (text: string): ParsedYaml => {
  const lines = new LineCounter();
  // Its own search for doubled keys takes the square of their number.
  const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'error' as const };
  const document = parseDocument(text, options);
  const at = (offset: number | undefined): YamlPosition | null => {
    if (offset === undefined) return null;
    const { line, col } = lines.linePos(offset);
    return line === 0 ? null : { line, column: col };
  };
  const [error] = document.errors;
  if (error) throw new YamlError(error.message, at(error.pos[0]));
  refuseOddities(document, at);
  return { value: toValue(document), positionOf: (path) => at(offsetOf(document, path)) };
};

const toValue = (document: Document.Parsed): unknown => {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MOST });
  } catch (error) {
    if (error instanceof ReferenceError) throw new YamlError('The aliases in this text expand to too much.', null);
    throw error;
  }
};

const refuseOddities = (document: Document.Parsed, at: (offset: number | undefined) => YamlPosition | null): void => {
  const anchors = new Set<string>();
  visit(document, (_, node) => {
    if (!isNode(node)) return;
    if (isAlias(node)) {
      const named = `Nothing before this is called &${node.source}.`;
      if (!anchors.has(node.source)) throw new YamlError(named, at(node.range?.[0]));
    } else if (node.anchor !== undefined) anchors.add(node.anchor);
    if (isMap(node)) refuseOddKeys(node, at);
  });
};

const refuseOddKeys = ({ items }: YAMLMap, at: (offset: number | undefined) => YamlPosition | null): void => {
  const met = new Set<string>();
  for (const { key } of items) {
    const position = isNode(key) ? at(key.range?.[0]) : null;
    if (!isScalar(key)) throw new YamlError('A key must be a plain value.', position);
    const name = String(key.value);
    if (met.has(name)) throw new YamlError(`The key ${name} stands here twice.`, position);
    met.add(name);
  }
};

/** Of the key for a field, of the item itself in a list. */
const offsetOf = (document: Document.Parsed, path: readonly (string | number)[]): number | undefined => {
  let offset = document.contents?.range?.[0];
  for (let depth = 0; depth < path.length; depth += 1) {
    const around = document.getIn(path.slice(0, depth), true);
    const name = String(path[depth]);
    const pair = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && String(key.value) === name)
      : undefined;
    const node = pair ? pair.key : document.getIn(path.slice(0, depth + 1), true);
    if (!isNode(node) || !node.range) break;
    offset = node.range[0];
  }
  return offset;
};

/** Characters that a block would not bring through, or that nobody could see in it. */
const HIDDEN = /[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;
const BLANK_LINE_WITH_SPACES = /(^|\n)[ \t]+(\n|$)/;

/** How a text is written so that it comes back as it is: in lines where it has some, else in quotes where it needs them. */
const styleOf = (text: string): Scalar.Type | undefined => {
  if (HIDDEN.test(text)) return 'QUOTE_DOUBLE';
  if (!text.includes('\n')) return undefined;
  return BLANK_LINE_WITH_SPACES.test(text) ? 'QUOTE_DOUBLE' : 'BLOCK_LITERAL';
};

/** Writes texts of several lines as blocks, and quotes what readers of YAML 1.1 would take for something else (`yes`, `09:00`). */
export const toYaml = (value: unknown): string => {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  styleTexts(document);
  return writeYaml(document);
};

const styleTexts = (document: Document): void => {
  visit(document, {
    Scalar(_, scalar) {
      // As JSON writes it, which has no zero below zero.
      if (Object.is(scalar.value, -0)) scalar.value = 0;
      const style = typeof scalar.value === 'string' ? styleOf(scalar.value) : undefined;
      if (style !== undefined) scalar.type = style;
    },
  });
};

const writeYaml = (document: Document): string => document.toString({ lineWidth: 0 });

/** `text` with the values at some paths replaced; comments and everything else stay. Throws as `parseYaml`. */
export const editYaml = (text: string, edits: { path: (string | number)[]; value: string }[]): string => {
  parseYaml(text);
  const document = parseDocument(text);
  for (const { path, value } of edits) {
    const scalar = document.createNode(value) as Scalar;
    const style = styleOf(value);
    if (style !== undefined) scalar.type = style;
    document.setIn(path, scalar);
  }
  return writeYaml(document);
};
