/**
 * The longest common subsequence of two lists, as pairs of positions `[in a, in b]`, both ascending. What is not in it has come,
 * gone or changed its place. Takes time and memory of the product of the lengths that differ; meant for lists of hundreds.
 */
export function commonSubsequence(a: readonly string[], b: readonly string[]): [number, number][] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - start && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const head = Array.from({ length: start }, (_, i): [number, number] => [i, i]);
  const middle = longest(a.slice(start, a.length - tail), b.slice(start, b.length - tail));
  const end = Array.from({ length: tail }, (_, i): [number, number] => [a.length - tail + i, b.length - tail + i]);
  return [...head, ...middle.map(([i, j]): [number, number] => [i + start, j + start]), ...end];
}

function longest(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  // lengths[i * width + j]: of the longest one in what follows i in a and j in b.
  const lengths = new Uint32Array((a.length + 1) * width);
  const lengthAt = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j] ? lengthAt(i + 1, j + 1) + 1 : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
