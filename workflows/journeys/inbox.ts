/**
 * What came in and waits to be decided, in the order in which it came. The journey takes one event at a time, and never while
 * an effect is under way, so that an answer cannot overtake the record of its question.
 */
import { condition, setDefaultSignalHandler, setDefaultUpdateHandler, setHandler, uuid4 } from '@temporalio/workflow';
import type { EventVerdict, JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import {
  CONTROLS,
  type ControlPayload,
  type CustomPayload,
  changedSignal,
  controlSignal,
  controlUpdate,
  endedSignal,
  migrateSignal,
  migrateUpdate,
  type ReplyPayload,
  replySignal,
  replyUpdate,
  reviewSignal,
  reviewUpdate,
} from './messages.ts';

export interface Waiting {
  event: JourneyEvent;
  /** Set when decided; an update's caller is told. */
  verdict?: EventVerdict;
}

/** Registers the handlers of a journey's signals and updates and gives the queue that they fill. */
export const openInbox = (): Waiting[] => {
  const inbox: Waiting[] = [];
  const tell = (event: JourneyEvent): void => {
    inbox.push({ event });
  };
  const ask = async (event: JourneyEvent): Promise<EventVerdict> => {
    const waiting: Waiting = { event };
    inbox.push(waiting);
    await condition(() => waiting.verdict !== undefined);
    return waiting.verdict ?? 'ended';
  };

  const reply = (payload: ReplyPayload): JourneyEvent => ({ type: 'reply', ...payload });
  setHandler(replySignal, (payload) => tell(reply(payload)));
  setHandler(replyUpdate, (payload) => ask(reply(payload)));
  setHandler(reviewSignal, (payload) => tell({ type: 'review', ...payload }));
  setHandler(reviewUpdate, (payload) => ask({ type: 'review', ...payload }));
  setHandler(migrateSignal, (payload) => tell({ type: 'migrate', ...payload }));
  setHandler(migrateUpdate, (payload) => ask({ type: 'migrate', ...payload }));
  setHandler(endedSignal, (payload) => tell({ type: 'subprogramEnded', ...payload }));
  setHandler(changedSignal, ({ id } = {}) => {
    // One look sees all that has changed until then.
    if (!inbox.some(({ event }) => event.type === 'changed')) tell({ type: 'changed', id: id ?? uuid4() });
  });
  for (const type of CONTROLS) {
    const control = ({ id = uuid4(), days = 1, ...payload }: ControlPayload = {}): JourneyEvent =>
      type === 'shift' ? { type, ...payload, days, id } : { type, ...payload, id };
    setHandler(controlSignal(type), (payload) => tell(control(payload)));
    setHandler(controlUpdate(type), (payload) => ask(control(payload)));
  }
  const custom = (name: string, input: unknown): JourneyEvent => {
    const { id, payload } = (input ?? {}) as CustomPayload;
    return { type: 'signal', id: id ?? uuid4(), name, payload: payload ?? {} };
  };
  setDefaultSignalHandler((name, input) => tell(custom(name, input)));
  setDefaultUpdateHandler((name, input) => ask(custom(name, input)));
  return inbox;
};
