/** A plain-language line for the Temporal UI, cut to what the server takes. */

/** The server takes 400 bytes of summary (`limit.userMetadataSummarySize`); encryption and its names need about 130 of them. */
const MOST_BYTES = 260;
const ELLIPSIS = '…';
const ELLIPSIS_BYTES = 3;

/** `text` as it is, or its beginning with an ellipsis, at most `mostBytes` of UTF-8. Never cuts a character in two. */
export const brief = (text: string, mostBytes = MOST_BYTES): string => {
  // Nearly all of them: no code unit takes more than three bytes.
  if (text.length * 3 <= mostBytes) return text;
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > mostBytes) return `${kept}${ELLIPSIS}`;
    if (bytes <= mostBytes - ELLIPSIS_BYTES) kept += character;
  }
  return text;
};

/** Bytes of one code point in UTF-8 (RFC 3629, section 3). */
const bytesOf = (character: string): number => {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
};
