/** The keys that encrypt what is stored: payloads in Temporal, secrets in Postgres. */

export interface KeyRing {
  /** Encrypts. */
  current: { id: string; key: Buffer };
  /** Decrypt, by id. */
  byId: Map<string, Buffer>;
}

/** Parses `<id>:<base64 of 32 bytes>`, comma-separated, the current one first. Throws naming the id that is wrong, never the key. */
export const parseKeyRing = (keys: string): KeyRing => {
  const entries = keys.split(',').map((entry, index) => {
    const [id = '', encoded = ''] = entry.trim().split(':');
    const key = Buffer.from(encoded, 'base64');
    if (id === '' || key.length !== 32) {
      throw new Error(`CAIRN_ENCRYPTION_KEYS: entry ${index + 1} is not <id>:<base64 of 32 bytes>`);
    }
    return { id, key };
  });
  const [current] = entries;
  if (!current) throw new Error('CAIRN_ENCRYPTION_KEYS is empty');
  return { current, byId: new Map(entries.map(({ id, key }) => [id, key])) };
};
