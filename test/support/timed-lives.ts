/** Lives of generated coachees, by the simulator and by real workflows, told alike. */
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { Message } from '../../shared/db/entities/conversations.ts';
import { Coachee, Entitlement } from '../../shared/db/entities/journeys.ts';
import type { JourneyEvent, MessageButton } from '../../shared/domain/journeys/messages.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';
import { journeyId } from '../../temporal/ids.ts';
import { givenCoachee, givenCreator } from './factories.ts';
import { givenHabit } from './habits.ts';
import { type StartedJourney, startedJourney } from './journey-run.ts';
import type { Stage } from './stage.ts';
import type { TimedLife } from './timed-programs.ts';

/** What was said, and what was written down, each with what the coachee's clock showed. */
export interface Told {
  messages: { local: string; stepKey: string | null; text: string; buttons: MessageButton[] }[];
  records: { local: string; kind: string; stepKey: string | null; occurrence: number | null; detail: object }[];
}

export interface Scripted {
  atMs: number;
  event: JourneyEvent;
}

export interface SimulatedLife extends Told {
  /** What people do, in order. */
  script: Scripted[];
  endedAtMs: number;
}

const NAME = 'Mira';
const PEOPLE = new Set<JourneyEvent['type']>(['reply', 'signal', 'pause', 'resume', 'review', 'changed']);
/** Journeys that wait for ever are looked at for so long. */
const DAYS = 60;

export const simulatedLife = ({ definition, persona }: TimedLife, id: string, startAt: Date): SimulatedLife => {
  const records: Told['records'] = [];
  const script: Scripted[] = [];
  const simulation = simulate(
    programDefinition.parse(definition),
    { ...persona, id, name: NAME, startAt: startAt.toISOString() },
    { resolveWait, formatLocal },
    {
      maxDays: DAYS,
      witness: {
        recorded: (record, { local }) => records.push({ local, ...record }),
        sent: () => {},
        waits: () => {},
        comes: (event, { atMs }) => {
          if (PEOPLE.has(event.type)) script.push({ atMs, event });
        },
      },
    },
  );
  const said = simulation.transcript.filter(({ from }) => from === 'program');
  const messages = said.map(({ local, stepKey, text, buttons }) => ({ local, stepKey, text, buttons }));
  return { messages, records, script, endedAtMs: simulation.endedAtMs };
};

/** Starts the life as a real workflow. */
export const startedLife = async (stage: Stage, { definition, persona }: TimedLife): Promise<StartedJourney> => {
  const creator = await givenCreator(stage.orm);
  await givenHabit(creator, { name: 'stretch', title: 'Stretch' });
  const { coacheeId } = await givenCoachee(creator, creator.webChannelId, { name: NAME, timeZone: persona.timeZone });
  const { deliveryPolicy = null } = persona;
  if (deliveryPolicy) await creator.em().nativeUpdate(Coachee, { id: coacheeId }, { deliveryPolicy });
  return startedJourney(stage, definition, { creator, coacheeId });
};

/** Does to the real journey what people do. */
export const act = async ({ world }: Stage, journey: StartedJourney, event: JourneyEvent): Promise<void> => {
  switch (event.type) {
    case 'signal':
      await journey.tell(event.name, { id: event.id, payload: event.payload });
      return;
    case 'changed': {
      const { creatorId, coacheeId } = journey;
      await journey.em().insert(Entitlement, { creatorId, coacheeId, name: 'plus' });
      await world.client.workflow.getHandle(journeyId(journey.enrollmentId)).signal('changed', { id: event.id });
      // A query is answered after what came before it.
      await journey.progress();
      return;
    }
    default: {
      const { type, ...payload } = event;
      await journey.tell(type, payload);
    }
  }
};

/** What the database says of it. */
export const livedLife = async (journey: StartedJourney): Promise<Told> => {
  const rows = await journey
    .em()
    .find(Message, { coacheeId: journey.coacheeId, direction: 'out', seq: { $ne: null } }, { orderBy: { seq: 'asc' } });
  const messages = rows.map(({ localTime, stepKey, text, buttons }) => ({
    ...{ local: localTime ?? '', stepKey: stepKey ?? null, text },
    buttons,
  }));
  const lines = await journey.timeline();
  const records = lines.map(({ localTime, kind, stepKey, occurrence, detail }) => ({
    ...{ local: localTime, kind, stepKey: stepKey ?? null, occurrence: occurrence ?? null, detail },
  }));
  return { messages, records };
};
