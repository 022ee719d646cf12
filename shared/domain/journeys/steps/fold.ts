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
