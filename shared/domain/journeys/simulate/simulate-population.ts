/** Lives a program as many personas would, and reports on all of them; transcripts are made of the first only. */
import type { ProgramDefinition } from '../definition.ts';
import type { Persona } from './persona.ts';
import { type Population, personasOf } from './population.ts';
import { type Simulation, type SimulationLimits, simulate } from './simulate.ts';
import { reportOf, type SimulationReport } from './simulation-report.ts';
import type { SimulationDeps } from './simulation-state.ts';
import { follow, openTally } from './simulation-tally.ts';

export interface PopulationOptions extends Partial<SimulationLimits> {
  /** Of how many personas a transcript is wanted. */
  transcripts?: number;
  /** Is given each simulation that has a transcript; throws to end it all. */
  onTranscript?: (simulation: Simulation) => void;
}

export interface SimulatedPopulation {
  report: SimulationReport;
  /** Of the first personas, with their transcripts. */
  simulations: Simulation[];
}

const TRANSCRIPTS = 3;

/** Throws a RangeError for an instant, a time zone or a date that is none. */
export function simulatePopulation(
  definition: ProgramDefinition,
  population: Population,
  deps: SimulationDeps,
  options: PopulationOptions = {},
): SimulatedPopulation {
  return simulateAll(definition, personasOf(population), deps, { transcripts: TRANSCRIPTS, ...options });
}

/** The same of personas that are known one by one; by default with the transcripts of all. */
export function simulateAll(
  definition: ProgramDefinition,
  personas: Iterable<Persona>,
  deps: SimulationDeps,
  { transcripts = Number.POSITIVE_INFINITY, onTranscript, ...limits }: PopulationOptions = {},
): SimulatedPopulation {
  const tally = openTally();
  const simulations: Simulation[] = [];
  for (const persona of personas) {
    const transcript = simulations.length < transcripts;
    const startMs = Date.parse(persona.startAt);
    const at = (atMs: number) => ({ atMs, local: deps.formatLocal(atMs, persona.timeZone) });
    const { witness, ended } = follow(tally, at(startMs));
    const simulation = simulate(definition, persona, deps, { ...limits, transcript, witness });
    ended(simulation, at(simulation.endedAtMs));
    if (!transcript) continue;
    onTranscript?.(simulation);
    simulations.push(simulation);
  }
  return { report: reportOf(definition, tally), simulations };
}
