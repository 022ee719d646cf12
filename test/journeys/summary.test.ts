import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brief } from '../../shared/domain/journeys/summary.ts';

const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8');
const text = fc.string({ unit: 'binary', maxLength: 400 }).map((any) => any.toWellFormed());

describe('a summary', () => {
  it('never has more bytes than the server takes, whatever a step is called', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 10, max: 300 }), (any, most) => {
        expect(bytesOf(brief(any, most))).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('is left as it is where it fits, and cut between characters where it does not', () => {
    fc.assert(
      fc.property(text, (any) => {
        const cut = brief(any);
        if (bytesOf(any) <= 260) expect(cut).toBe(any);
        else expect(any.startsWith(cut.slice(0, -1))).toBe(true);
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});
