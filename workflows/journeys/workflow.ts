/**
 * A coachee's journey through a program: one run per enrollment, for weeks to years. Each turn of the loop takes one event, lets the
 * machine decide (in a local activity, which also writes the timeline), and runs the one effect that it asks for.
 */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { CoachActivities } from '../../activities/coach/activities.ts';
import type { JourneyActivities } from '../../activities/journeys/activities.ts';
import type { JourneyEvent } from '../../shared/domain/journeys/messages.ts';
import type { CoachCall, JourneyEffect, JourneyRun, Told } from '../../shared/domain/journeys/run.ts';
import { journeyId } from '../../temporal/ids.ts';
import { askModel, callWebhookPatiently, decideOnce, repeatable, sendOnce } from '../activity-options.ts';
import { shouldStartAfresh } from '../renewal.ts';
import { showInSearch } from './attributes.ts';
import { openInbox, type Waiting } from './inbox.ts';
import { type JourneyArgs, progressQuery } from './messages.ts';
import { progressOf } from './progress.ts';

const { decide } = proxyLocalActivities<Pick<JourneyActivities, 'decide'>>(decideOnce);
const { sendMessage } = proxyActivities<Pick<JourneyActivities, 'sendMessage'>>(sendOnce);
const { writeText } = proxyActivities<Pick<CoachActivities, 'writeText'>>(askModel);
const { beginSubprogram } = proxyActivities<Pick<JourneyActivities, 'beginSubprogram'>>(repeatable);
const { callWebhook } = proxyActivities<Pick<JourneyActivities, 'callWebhook'>>(callWebhookPatiently);

export async function journey(args: JourneyArgs): Promise<string> {
  let run: JourneyRun | null = args.carried?.run ?? null;
  const inbox = openInbox();
  setHandler(progressQuery, () => progressOf(run));

  const take = async (waiting: Waiting): Promise<JourneyRun> => {
    const { creatorId, enrollmentId } = args;
    const decided = await decide({ creatorId, enrollmentId, run, event: waiting.event, nowMs: Date.now() });
    if (decided.caughtUp) lookAgain(inbox, waiting);
    else waiting.verdict = decided.verdict;
    run = decided.run;
    for (const told of decided.tell ?? []) await tellJourney(told);
    setCurrentDetails(progressOf(run).doing);
    return run;
  };

  let { effect } = run ?? (await take({ event: { type: 'start' } }));
  while (effect.kind !== 'end') {
    if (effect.kind === 'wait' && run) {
      showInSearch(run);
      if (shouldStartAfresh(workflowInfo())) await startAfresh(args, run, inbox);
    }
    ({ effect } = await take(await nextEvent(args, effect, inbox)));
  }

  if (run) showInSearch(run);
  do {
    for (const late of inbox.splice(0)) await take(late);
  } while (await somethingCameIn(inbox));
  return effect.outcome;
}

/** Runs an effect to its answer, or waits for whatever comes first: the time or something from outside. */
async function nextEvent(
  args: JourneyArgs,
  effect: Exclude<JourneyEffect, { kind: 'end' }>,
  inbox: Waiting[],
): Promise<Waiting> {
  if (effect.kind === 'send') return { event: await send(args, effect) };
  if (effect.kind === 'webhook') {
    const { stepKey, occurrence, summary, call } = effect;
    const answer = await callWebhook.executeWithOptions({ ...callWebhookPatiently, summary }, [call]);
    return { event: { type: 'webhookAnswered', stepKey, occurrence, ...answer } };
  }
  if (effect.kind === 'coach') {
    const { stepKey, occurrence, summary, call } = effect;
    return { event: { type: 'coachAnswered', stepKey, occurrence, ...(await askCoach(summary, call)) } };
  }
  if (effect.kind === 'subprogram') {
    const { stepKey, occurrence, summary, call } = effect;
    const { creatorId, enrollmentId } = args;
    const answer = await beginSubprogram.executeWithOptions({ ...repeatable, summary }, [
      { creatorId, enrollmentId, ...call },
    ]);
    return { event: { type: 'subprogramStarted', stepKey, occurrence, ...answer } };
  }
  return (await sleepUntil(effect, inbox)) ? { event: dueOf(effect) } : (inbox.shift() as Waiting);
}

/** True when the time has come; false when something came in first. What came in goes first. */
async function sleepUntil(effect: Extract<JourneyEffect, { kind: 'wait' }>, inbox: Waiting[]): Promise<boolean> {
  const cameIn = () => inbox.length > 0;
  if (effect.dueAtMs === null) await condition(cameIn);
  else if (!cameIn() && effect.dueAtMs > Date.now()) {
    await condition(cameIn, effect.dueAtMs - Date.now(), { summary: effect.summary });
  }
  return !cameIn();
}

/** The model's text; without one the step sends its fallback, so nothing that goes wrong here stops the journey. */
async function askCoach(summary: string, call: CoachCall): Promise<{ ok: boolean; text?: string; reason?: string }> {
  try {
    return await writeText.executeWithOptions({ ...askModel, summary }, [call]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ok: false, reason: 'The model did not answer in time.' };
  }
}

/** Tells another journey of this coachee; one that is over has nothing to hear. */
async function tellJourney({ enrollmentId, signal, payload }: Told): Promise<void> {
  try {
    await getExternalWorkflowHandle(journeyId(enrollmentId)).signal(signal, payload);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('another journey could not be told', { signal, reason: String(error) });
  }
}

/** Puts an event back that was not looked at; answers of effects belong to where the run stood before. */
const lookAgain = (inbox: Waiting[], waiting: Waiting): void => {
  if ('id' in waiting.event) inbox.unshift(waiting);
};

const dueOf = ({ stepKey, occurrence }: Extract<JourneyEffect, { kind: 'wait' }>): JourneyEvent => ({
  type: 'due',
  stepKey: stepKey ?? '',
  occurrence: occurrence ?? 0,
});

/** Sends once, or as often as the channel says 'later' without having taken it; the waiting is a timer of the run. */
async function send(args: JourneyArgs, effect: Extract<JourneyEffect, { kind: 'send' }>): Promise<JourneyEvent> {
  const { stepKey, occurrence, key, summary } = effect;
  for (;;) {
    const result = await sendMessage.executeWithOptions({ ...sendOnce, summary }, [{ creatorId: args.creatorId, key }]);
    if (result.outcome !== 'deferred') return { type: 'delivered', stepKey, occurrence, ...result };
    if (result.afterMs > 0) await sleep(result.afterMs, { summary: `The channel asks to wait: ${summary}` });
  }
}

/** Continues as new, unless something came in until every caller had its answer: then that is decided first. */
async function startAfresh(args: JourneyArgs, run: JourneyRun, inbox: Waiting[]): Promise<void> {
  if (await somethingCameIn(inbox)) return;
  await continueAsNew<typeof journey>({ ...args, carried: { run } });
}

/** Waits until every caller of an update has its answer; true when something new came in first. */
async function somethingCameIn(inbox: Waiting[]): Promise<boolean> {
  await condition(() => inbox.length > 0 || allHandlersFinished());
  return inbox.length > 0;
}
