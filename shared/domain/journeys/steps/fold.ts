/** What people type, brought to one form: no case, no accents, single spaces, no closing punctuation. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s"'«“¡¿]+|[\s"'»”.,;:!?)]+$/g, '')
    .replaceAll('ß', 'ss');
}

/** Text that Postgres and JSON can keep: without NUL and without halves of characters. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
