/** Many simulated coachees at once: where they are lost on the way, and when most is sent. */
import { writeFile } from 'node:fs/promises';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { ProgramDefinition } from '../../shared/domain/journeys/definition.ts';
import { calendarPicture } from '../../shared/domain/journeys/simulate/calendar-picture.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { simulatePopulation } from '../../shared/domain/journeys/simulate/simulate-population.ts';
import type { SimulationReport } from '../../shared/domain/journeys/simulate/simulation-report.ts';
import { say } from '../progress.ts';
import { pathOf } from './source.ts';

export interface Crowd {
  count: number;
  /** The last of them may start so many days after the first. */
  startSpreadDays: number;
  /** Of the first one's start and zone. */
  first: Persona;
  /** Where the year is drawn, an SVG file. */
  calendar: string | undefined;
}

const ZONES = ['America/New_York', 'Asia/Kolkata', 'Australia/Sydney'];

/** As coachees are: most answer, some now and then, some never. */
const MIX = [
  {
    weight: 5,
    persona: { name: 'Keen', policy: 'random' as const, replyDelaySeconds: { from: 60, to: 7200 }, adherence: 0.85 },
  },
  {
    weight: 3,
    persona: {
      name: 'Busy',
      policy: 'random' as const,
      replyDelaySeconds: { from: 600, to: 50_000 },
      adherence: 0.5,
      answerRate: 0.6,
    },
  },
  { weight: 1, persona: { name: 'Unsure', policy: 'contrary' as const, adherence: 0.3 } },
  { weight: 1, persona: { name: 'Silent', policy: 'silent' as const } },
];

/** Prints the report, and draws the calendar where that is wanted. */
export const simulateCrowd = async (definition: ProgramDefinition, crowd: Crowd): Promise<void> => {
  const { count, startSpreadDays, first, calendar } = crowd;
  const zones = [first.timeZone, ...ZONES].map((timeZone, i) => ({ timeZone, weight: i === 0 ? 3 : 1 }));
  const population = { count, seed: 1, startAt: first.startAt, startSpreadDays, zones, mix: MIX };
  const { report } = simulatePopulation(definition, population, { resolveWait, formatLocal }, { transcripts: 0 });
  tellReport(report);
  if (calendar === undefined) return;
  await writeFile(pathOf(calendar), calendarPicture(definition.title, report));
  say(`\nThe calendar is in ${calendar}.`);
};

const tellReport = (report: SimulationReport): void => {
  const { personas, steps, outcomes, goals, channels, busiestMinute, unreached, parked } = report;
  say(`${personas} people\n`);
  say(
    `${'step'.padEnd(28)}${column('reached')}${column('answered')}${column('timed out')}${column('left here')}${column('days')}`,
  );
  for (const { stepKey, persons, answered, timedOut, leftHere, medianDays } of steps) {
    const share = `${Math.round((persons * 100) / personas)} %`;
    say(
      stepKey.padEnd(28) +
        [share, orBlank(answered), orBlank(timedOut), orBlank(leftHere), medianDays?.toFixed(1) ?? '']
          .map(column)
          .join(''),
    );
  }
  say('');
  for (const { status, outcome, count } of outcomes)
    say(`${String(count).padStart(6)}  ${status}: ${outcome ?? 'no end'}`);
  for (const { goal, count } of goals) say(`${String(count).padStart(6)}  reached the goal ${goal}`);
  for (const { stepKey, reason, count } of parked) say(`${String(count).padStart(6)}  parked at ${stepKey}: ${reason}`);
  say('');
  for (const { channel, sends, meanPerPersona, mostPerDay } of channels) {
    if (sends > 0)
      say(`${channel}: ${sends} messages, ${meanPerPersona.toFixed(1)} a person, ${mostPerDay} a day at most`);
  }
  if (busiestMinute) say(`Busiest minute: ${busiestMinute.sends} messages at ${busiestMinute.at}`);
  if (unreached.length > 0) say(`Reached by nobody: ${unreached.join(', ')}`);
};

const column = (text: string): string => text.padStart(11);
const orBlank = (count: number): string => (count === 0 ? '' : String(count));
