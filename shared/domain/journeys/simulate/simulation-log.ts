/** What a simulation tells: lines of a transcript, where somebody reads them, and what a witness counts. */
import type { ChannelKind } from '../../channels/deliveries.ts';
import type { JourneyEvent, MessageButton, TimelineRecord } from '../messages.ts';
import type { StepKey } from '../state.ts';

export interface TranscriptEntry {
  atMs: number;
  local: string;
  from: 'program' | 'coachee' | 'event';
  stepKey: StepKey | null;
  text: string;
  buttons: MessageButton[];
}

/** An instant, Unix milliseconds, and what the coachee's clock shows then. */
export interface Instant {
  atMs: number;
  local: string;
}

/** Is told what happens, in order. Subprograms send and wait too, but their steps are none of the program's. */
export interface Witness {
  recorded(record: TimelineRecord, at: Instant): void;
  sent(channel: ChannelKind, isQuestion: boolean, at: Instant): void;
  waits(at: Instant): void;
  /** Something comes from outside: a person's word, a signal, a pause, a time that has come. */
  comes?(event: JourneyEvent, at: Instant): void;
}

export interface SimulationLog {
  /** Null: nobody reads them. */
  entries: TranscriptEntry[] | null;
  /** Lines so far, whether or not they were kept. */
  count: number;
  witness: Witness | null;
}

export type Line = Pick<TranscriptEntry, 'from' | 'stepKey'> & {
  text: string | (() => string);
  buttons?: MessageButton[];
};

/** Adds a line. */
export function tell(log: SimulationLog, at: Instant, { from, stepKey, text, buttons = [] }: Line): void {
  log.count += 1;
  log.entries?.push({ ...at, from, stepKey, text: typeof text === 'string' ? text : text(), buttons });
}
