/** Draws that look random and are the same for the same text. */

/** A number in [0, 1): FNV-1a (RFC 9923), its bits stirred by MurmurHash3's finalizer. */
export function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** One of them; each as likely as its weight says, the first where none has any. Throws a RangeError on none. */
export function drawByWeight<One extends { weight: number }>(all: readonly One[], text: string): One {
  const [first] = all;
  if (!first) throw new RangeError('There is nothing to draw from');
  let rest = fractionOf(text) * all.reduce((sum, { weight }) => sum + weight, 0);
  for (const one of all) {
    if (rest < one.weight) return one;
    rest -= one.weight;
  }
  return first;
}

/** A whole number from `from` to `to`, both among them. */
export function drawWhole(from: number, to: number, text: string): number {
  return from + Math.floor(fractionOf(text) * (to - from + 1));
}
