/** A draft's revision as an entity tag (RFC 9110, section 8.8.3). */
import { invalid } from '../../shared/errors.ts';

export const etagOf = (revision: number): string => `"${revision}"`;

/** The revision that an If-Match header names; null when there is none or it says `*`. Throws CairnError `invalid`. */
export const revisionOf = (ifMatch: string): number | null => {
  if (ifMatch === '' || ifMatch.trim() === '*') return null;
  const [, digits] = /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(ifMatch) ?? [];
  if (digits !== undefined) return Number(digits);
  throw invalid('The header If-Match cannot be read.', [
    { path: 'header.If-Match', message: 'the ETag of the draft, e.g. "3"' },
  ]);
};
