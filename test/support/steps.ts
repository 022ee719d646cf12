/** Steps as a definition has them, for programs of tests. */

export const says = (key: string, text = key) => ({ key, type: 'message', text });

/** A question to be answered in free text, unless `more` says otherwise. */
export const asks = (key: string, more = {}) => ({
  key,
  type: 'ask',
  text: `${key}?`,
  answer: { kind: 'text' },
  ...more,
});
