/** Many personas, made from a few lines: the same seed makes the same ones. */
import { drawByWeight, fractionOf } from '../draw.ts';
import type { Persona } from './persona.ts';

/** What a share of a population has in common. */
export type PersonaTraits = { [Name in keyof Persona]?: Persona[Name] | undefined };

export interface Population {
  count: number;
  seed: string | number;
  /** ISO instant at which the first may start. */
  startAt: string;
  /** The starts are spread over so many days; all at once where not given. */
  startSpreadDays?: number | undefined;
  zones: { timeZone: string; weight: number }[];
  /** Each persona is drawn one of these; what it names of zone and start stands. */
  mix: { weight: number; persona: PersonaTraits }[];
}

const DAY_SECONDS = 86_400;

/** The personas, one after the other. Throws a RangeError when `startAt` is no instant, or where there are no zones or no mix. */
export function* personasOf(population: Population): Generator<Persona, void, undefined> {
  const { count, seed, startAt, startSpreadDays = 0, zones, mix } = population;
  const startMs = Date.parse(startAt);
  if (Number.isNaN(startMs)) throw new RangeError(`startAt ${startAt} is no instant`);
  for (let i = 0; i < count; i++) {
    const id = `${seed}/${i}`;
    const { persona } = drawByWeight(mix, `${id}/mix`);
    const { timeZone } = drawByWeight(zones, `${id}/zone`);
    const laterSeconds = Math.floor(fractionOf(`${id}/start`) * startSpreadDays * DAY_SECONDS);
    yield {
      ...persona,
      id,
      name: `${persona.name ?? 'Persona'} ${i + 1}`,
      timeZone: persona.timeZone ?? timeZone,
      startAt: persona.startAt ?? new Date(startMs + laterSeconds * 1000).toISOString(),
    };
  }
}
