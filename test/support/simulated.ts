/** Programs lived by a persona, told in short lines. */
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import type { ProgramDefinitionInput } from '../../shared/contracts/programs.ts';
import type { Persona } from '../../shared/domain/journeys/simulate/persona.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import type { SimulationDeps } from '../../shared/domain/journeys/simulate/simulation-state.ts';
import { programOf, type StepInput } from './programs.ts';

const MONDAY_NOON: Persona = { name: 'Ana', timeZone: 'Europe/Berlin', startAt: '2026-03-02T11:00:00Z' };

/** What happened: `Mon 12:00 program: Hello`, with the day of the month after the first week. */
export const livedBy = (
  steps: StepInput[],
  persona: Partial<Persona> = {},
  rest: Partial<ProgramDefinitionInput> = {},
  deps: Partial<SimulationDeps> = {},
): string[] => {
  const calendar = { resolveWait, formatLocal, ...deps };
  const { transcript } = simulate(programOf(steps, rest), { ...MONDAY_NOON, ...persona }, calendar);
  return transcript.map(
    ({ local, from, text }) => `${local.slice(0, 3)} ${local.slice(12, 14)}. ${local.slice(15, 20)} ${from}: ${text}`,
  );
};

/** The program's messages alone. */
export const said = (lines: string[]): string[] => lines.filter((line) => line.includes('program: '));
