/** What comes to a simulated coachee from outside, in order of time. */
import type { JourneyEvent } from '../messages.ts';
import type { StepKey } from '../state.ts';
import { type Duration, durationSeconds } from '../steps/fields.ts';
import type { Persona } from './persona.ts';

export interface Planned {
  atMs: number;
  event: JourneyEvent;
  /** What a person says with it, for the transcript. */
  said?: { stepKey: StepKey; text: string };
  /** What has changed about the coachee by then. */
  change?: { timeZone: string } | { entitlement: string };
}

export function outsideEvents(persona: Persona, startMs: number): Planned[] {
  const at = (after: Duration) => startMs + durationSeconds(after) * 1000;
  const { signals = [], pauses = [], purchases = [], moves = [] } = persona;
  const planned: Planned[] = [
    ...signals.map(
      ({ after, name, payload }, i): Planned => ({
        atMs: at(after),
        event: { type: 'signal', id: `signal-${i}`, name, payload },
      }),
    ),
    ...purchases.map(
      ({ after, entitlement }, i): Planned => ({
        atMs: at(after),
        event: { type: 'changed', id: `purchase-${i}` },
        change: { entitlement },
      }),
    ),
    ...moves.map(
      ({ after, timeZone }, i): Planned => ({
        atMs: at(after),
        event: { type: 'changed', id: `move-${i}` },
        change: { timeZone },
      }),
    ),
  ];
  for (const [i, { after, for: length, mode }] of pauses.entries()) {
    planned.push({ atMs: at(after), event: { type: 'pause', id: `pause-${i}` } });
    const resumed = at(after) + durationSeconds(length) * 1000;
    planned.push({ atMs: resumed, event: { type: 'resume', id: `resume-${i}`, ...(mode && { mode }) } });
  }
  return planned.sort((a, b) => a.atMs - b.atMs);
}

/** When something planned for that instant happens: at the end of an outage that it falls into. */
export function afterOutages({ outages = [] }: Persona, startMs: number, atMs: number): number {
  let happensMs = atMs;
  for (const { after, for: length } of outages) {
    const fromMs = startMs + durationSeconds(after) * 1000;
    const toMs = fromMs + durationSeconds(length) * 1000;
    if (happensMs >= fromMs && happensMs < toMs) happensMs = toMs;
  }
  return happensMs;
}
