import { describe, expect, it } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { programDefinition } from '../../shared/contracts/programs.ts';
import { simulate } from '../../shared/domain/journeys/simulate/simulate.ts';

const answer = { key: 'up', text: 'Are you up?', timeout: { after: { days: 1 } } };
const questions = [
  { ...answer, type: 'ask' as const, answer: { kind: 'yesNo' as const } },
  { ...answer, type: 'checkin' as const, habit: 'rise' },
  { key: 'up', text: 'Get up.', timeout: { after: { days: 1 } }, type: 'lesson' as const, title: 'Up' },
];

describe.each(questions)('a question ($type) that quiet hours put off', (question) => {
  const definition = programDefinition.parse({
    ...{ v: 1, title: 'Mornings' },
    steps: [{ key: 'night', type: 'wait', until: { time: '07:45' } }, question],
  });
  const deliveryPolicy = { quietHours: { from: '21:00', to: '08:30' } };
  const persona = { name: 'Ana', timeZone: 'UTC', startAt: '2027-01-01T12:00:00Z', deliveryPolicy };
  const live = (policy: 'agreeable' | 'silent') => {
    const { transcript } = simulate(definition, { ...persona, policy }, { resolveWait, formatLocal });
    return transcript.map(({ local, from }) => `${from} ${local.slice(0, 20)}`);
  };

  it('waits for its answer all the same', () => {
    expect(live('agreeable')).toContain('coachee Sat 2027-01-02T08:31');
  });

  it('gives the coachee their whole time from when it was sent', () => {
    expect(live('silent').at(-1)).toBe('event Sun 2027-01-03T08:30');
  });
});
