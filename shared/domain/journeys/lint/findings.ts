/** What lint says of a definition. An `error` keeps it from being published, a `warning` does not. */
import type { StepKey } from '../state.ts';
import type { FieldPath, StepFinding } from '../steps/kind.ts';

export interface Finding {
  /** For machines and documentation, e.g. `unknownStep`. */
  code: string;
  severity: 'error' | 'warning';
  /** Null where it is not about one step. */
  stepKey: StepKey | null;
  /** The field, from the definition's root: `steps.3.cases.0.goTo`. */
  path: string;
  message: string;
  remedy: string;
}

/** A field's path as people and problem documents write it: `steps.3.text`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

export function stepFinding(position: number, stepKey: StepKey, finding: StepFinding): Finding {
  return { ...finding, stepKey, path: pathInStep(position, finding.path) };
}

export function pathInStep(position: number, path: FieldPath): string {
  return fieldPath(['steps', position, ...path]);
}
