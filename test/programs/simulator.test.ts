import { expect, test } from 'vitest';
import { createSimulator } from '../../api/programs/simulator.ts';
import { programOf } from '../support/programs.ts';

const persona = { name: 'Mira', timeZone: 'UTC', startAt: '2026-01-01T00:00:00Z' };
const short = programOf([{ key: 'a', type: 'message', text: 'A' }]);
const endless = programOf([
  { key: 'a', type: 'message', text: 'tick' },
  { key: 'b', type: 'wait', for: { minutes: 1 }, next: 'a' },
]);

test('what takes too long is ended, and the next one is simulated', async () => {
  const hasty = createSimulator(40);
  const patient = createSimulator();
  try {
    const long = hasty.run({ definition: endless, who: Array.from({ length: 100 }, () => persona) });
    await expect(long).rejects.toMatchObject({ type: 'invalid', message: expect.stringContaining('too long') });
    await expect(patient.run({ definition: short, who: [persona] })).resolves.toMatchObject({
      simulations: [{ status: 'finished' }],
      report: { personas: 1 },
    });
  } finally {
    await Promise.all([hasty.close(), patient.close()]);
  }
});

test('when too many are waiting, the next is told to come again', async () => {
  const simulator = createSimulator();
  try {
    const job = { definition: short, who: [persona] };
    const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => simulator.run(job)));
    const refused = outcomes.filter((one) => one.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ type: 'unavailable' });
    await expect(simulator.run(job)).resolves.toMatchObject({ simulations: [{}] });
  } finally {
    await simulator.close();
  }
});
