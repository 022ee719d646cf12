import { expect, test } from 'vitest';
import { formatLocal, resolveWait } from '../../shared/calendar/local-time.ts';
import { calendarPicture } from '../../shared/domain/journeys/simulate/calendar-picture.ts';
import { simulateAll } from '../../shared/domain/journeys/simulate/simulate-population.ts';
import { programOf } from '../support/programs.ts';

const persona = { name: 'Ana', timeZone: 'UTC', startAt: '2026-01-05T08:00:00Z' };
const weekly = programOf([
  { type: 'message', key: 'hello', text: 'Hello' },
  { type: 'wait', key: 'week', for: { days: 7 } },
  { type: 'repeat', key: 'again', from: 'hello', times: 52 },
  { type: 'goal', key: 'year', goal: 'A <year>' },
]);

test('a year is a calendar of weeks: a cell a day, the months above, its ends framed, its goals dotted', () => {
  const { report } = simulateAll(weekly, [persona], { resolveWait, formatLocal });
  const svg = calendarPicture('Weekly & "calm" <b>', report);
  expect(svg.match(/<g><title>/g)).toHaveLength(365);
  expect(svg).toContain('Weekly &amp; &quot;calm&quot; &lt;b&gt;');
  expect(svg).toContain('5 Jan 2026: 1 per persona, 1 wait, 1 start');
  expect(svg).toContain('Goal &quot;A &lt;year&gt;&quot;: reached 1 time.');
  expect(svg.match(/class="edge"/g)).toHaveLength(3);
  expect(svg.match(/class="goal"/g)).toHaveLength(2);
  for (const month of ['Feb 2026', 'Jul', 'Dec', 'Jan 2027']) expect(svg).toContain(`>${month}<`);
  expect(svg).not.toMatch(/NaN|undefined/);
});

test('of a program that sends nothing there is a picture too', () => {
  const { report } = simulateAll(programOf([{ type: 'finish', key: 'end' }]), [], { resolveWait, formatLocal });
  expect(calendarPicture('Nothing', report)).not.toMatch(/NaN|undefined|Infinity/);
});
