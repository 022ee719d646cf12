/** Holds what happened in the running system against what the simulator said would. */
import type { ChatItem } from '../../shared/contracts/realtime.ts';
import type { EnrollmentView, Simulated, TimelineLine } from './creator.ts';

export interface Evidence {
  expected: Simulated;
  heard: ChatItem[];
  enrollment: EnrollmentView;
  timeline: TimelineLine[];
  deliveries: { status: string }[];
}

/** What is not as it should be, one sentence each; nothing when every step truly happened. */
export const findFaults = ({ expected, heard, enrollment, timeline, deliveries }: Evidence): string[] => {
  const faults: string[] = [];
  const expect = (holds: boolean, otherwise: string) => {
    if (!holds) faults.push(otherwise);
  };
  const told = textsOf(heard.filter(({ from }) => from === 'program'));
  const foretold = textsOf(expected.transcript.filter(({ from }) => from === 'program'));
  const first = foretold.findIndex((text, index) => text !== told[index]);
  expect(first === -1, `message ${first + 1} should be “${foretold[first]}” and is “${told[first] ?? 'missing'}”`);
  expect(told.length === foretold.length, `${foretold.length} messages were expected, ${told.length} came`);
  expect(enrollment.isTest, 'the enrollment is not marked as a test');
  expect(enrollment.status === expected.status, `the journey is ${enrollment.status}, not ${expected.status}`);
  expect(enrollment.outcome === expected.outcome, `it ended as ${enrollment.outcome}, not ${expected.outcome}`);
  const entered = new Set(timeline.map(({ stepKey }) => stepKey));
  const missed = expected.reached.filter((stepKey) => !entered.has(stepKey));
  expect(missed.length === 0, `the timeline does not name the steps ${missed.join(', ')}`);
  expect(
    deliveries.length === told.length,
    `the ledger holds ${deliveries.length} deliveries for ${told.length} messages`,
  );
  expect(
    deliveries.every(({ status }) => status === 'sent'),
    'not every delivery is recorded as sent',
  );
  const sent = timeline.filter(({ kind }) => kind === 'sent' || kind === 'asked' || kind === 'reasked');
  expect(sent.length === told.length, `the timeline tells of ${sent.length} sends, ${told.length} messages came`);
  return faults;
};

const textsOf = (lines: { text: string }[]) => lines.map(({ text }) => text);
