/** A number as people write it: a decimal comma is as good as a point; `12abc`, `1e9` and `1.000,5` are none. Null where it is none. */
export function writtenNumber(text: string): number | null {
  const written = text.trim().replace(',', '.').replace('−', '-');
  // Adding 0 makes a plain zero of `-0`, which JSON would not keep.
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(written) ? Number(written) + 0 : null;
}
