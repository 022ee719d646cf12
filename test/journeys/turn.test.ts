import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import type { JourneyRun } from '../../shared/domain/journeys/run.ts';
import { type Turn, turn } from '../../shared/domain/journeys/turn.ts';
import { ana } from '../support/journeys.ts';
import { askStep, programOf } from '../support/programs.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 2, 2, 8);
const definition = programOf([askStep('mood', { kind: 'number' }), { type: 'finish', key: 'end' }]);

/** A turn at so many hours after the start. */
function turnAt(hours: number, run: JourneyRun | null, event: JourneyEvent, msPerDay: number | null = null): Turn {
  return turn({
    definition,
    run,
    event,
    facts: ana,
    nowMs: START_MS + hours * HOUR_MS,
    msPerDay,
    keyOf: (stepKey, occurrence) => `${stepKey}/${occurrence}`,
    timeZone: 'Europe/Berlin',
    calendar: { resolveWait, formatLocal },
  });
}

const sent = (occurrence: number): JourneyEvent => ({
  type: 'delivered',
  outcome: 'sent',
  stepKey: 'mood',
  occurrence,
});

describe('a question over several turns', () => {
  it('keeps the timeout of the first asking when it is asked again', () => {
    const asked = turnAt(0, turnAt(0, null, { type: 'start' }).run, sent(1));
    expect(asked.run.effect).toMatchObject({ kind: 'wait', dueAtMs: START_MS + 24 * HOUR_MS });

    const missed = turnAt(10, asked.run, { type: 'reply', id: 'r1', text: 'well' });
    expect(missed).toMatchObject({ verdict: 'reasked', run: { effect: { kind: 'send', key: 'mood/2' } } });

    const again = turnAt(10, missed.run, sent(2));
    expect(again.run.effect).toMatchObject({ kind: 'wait', occurrence: 2, dueAtMs: START_MS + 24 * HOUR_MS });

    const late = turnAt(24, again.run, { type: 'due', stepKey: 'mood', occurrence: 2 });
    expect(late.run.effect).toEqual({ kind: 'end', status: 'finished', outcome: 'completed' });
  });
});
