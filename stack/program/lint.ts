import { isPublishable } from '../../shared/domain/journeys/lint/lint.ts';
import { tellFindings } from './findings.ts';
import { readSource } from './source.ts';

/** Tells what is wrong with a file; gives 1 when there are errors. */
export const lintFile = async (file: string): Promise<number> => {
  const { definition, findings } = await readSource(file);
  tellFindings(file, findings);
  return definition && isPublishable(findings) ? 0 : 1;
};
