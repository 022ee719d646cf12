/** What the model writes for journeys. */
import { Context } from '@temporalio/activity';
import type { CoachModel } from '../../shared/clients/coach-model.ts';
import type { CoachCall } from '../../shared/domain/journeys/run.ts';
import { translated } from '../errors.ts';

export interface CoachDeps {
  coachModel: CoachModel;
}

/** As many as `askModel` in workflows/activity-options.ts allows: the last attempt answers instead of throwing. */
const ATTEMPTS = 3;

export const createCoachActivities = ({ coachModel }: CoachDeps) =>
  translated({
    /** A text for a `coach` step, or why there is none. */
    writeText: async ({ prompt, language }: CoachCall): Promise<{ ok: boolean; text?: string; reason?: string }> => {
      const { info, cancellationSignal } = Context.current();
      try {
        const text = await coachModel.write({ prompt, language, signal: cancellationSignal });
        if (text.trim() !== '') return { ok: true, text };
        throw new Error('The model answered with nothing.');
      } catch (error) {
        if (info.attempt < ATTEMPTS) throw error;
        return { ok: false, reason: error instanceof Error ? error.message : String(error) };
      }
    },
  });

export type CoachActivities = ReturnType<typeof createCoachActivities>;
