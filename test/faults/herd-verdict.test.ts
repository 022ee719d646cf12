/** That the verdict of the fault tests sees what it is there to see. */
import { expect, test } from 'vitest';
import type { HerdMember } from '../support/herd.ts';
import { type FireVerdict, faultsOf } from './herd-verdict.ts';

const MIRA = { coacheeId: 'mira' } as HerdMember;
const KILLED_AT_MS = 5_000;
const SENT: FireVerdict = {
  ...{ coacheeId: 'mira', chat: 1, status: 'open', reason: null, delivery: 'sent', copies: 1 },
  ...{ dueAtMs: 1_000, createdAtMs: 1_100, reservedAtMs: 1_200, settledAtMs: 1_300 },
};
const AMBIGUOUS: FireVerdict = { ...SENT, delivery: 'ambiguous', settledAtMs: 9_000 };
const DROPPED: FireVerdict = {
  ...{ ...SENT, status: 'dropped', reason: 'It would have been 3 minutes late.' },
  ...{ delivery: null, copies: 0, reservedAtMs: null, settledAtMs: null },
};

const judged = (...fires: FireVerdict[]) => faultsOf([MIRA], fires, [KILLED_AT_MS]);

test.each([
  ['sent once', SENT],
  ['interrupted by a kill, arrived', AMBIGUOUS],
  ['interrupted by a kill, not arrived', { ...AMBIGUOUS, copies: 0 }],
  ['dropped for being late', DROPPED],
])('nothing is wrong with what was %s', (_, fire) => {
  expect(judged(fire)).toEqual([]);
});

test.each([
  ['nothing at all', []],
  ['two fires', [SENT, SENT]],
  ['two copies', [{ ...SENT, copies: 2 }]],
  ['a sent message that did not arrive', [{ ...SENT, copies: 0 }]],
  ['a message that is not settled', [{ ...SENT, delivery: 'planned' as const, copies: 0 }]],
  ['an ambiguous send that no kill interrupted', [{ ...AMBIGUOUS, settledAtMs: 2_000 }]],
  ['two copies of an ambiguous send', [{ ...AMBIGUOUS, copies: 2 }]],
  ['a dropped message that arrived', [{ ...DROPPED, copies: 1 }]],
  ['a dropped message without a reason', [{ ...DROPPED, reason: null }]],
])('%s is a fault', (_, fires) => {
  expect(judged(...fires)).toHaveLength(1);
});
