/** A habit's days as a picture: a calendar of weeks, each day shaded by how much of its target was done. */
import { escapeHtml } from '../channels/escape-html.ts';
import {
  CELL,
  cellAt,
  columnsOf,
  counted,
  DARK_PAGE_STYLE,
  label,
  monthLabels,
  PAGE_STYLE,
  STEP,
  shortened,
  spelled,
  weekdayLabels,
} from '../pictures/calendar-grid.ts';
import { adherenceOf } from './adherence.ts';
import type { DayStatus, EvaluatedDay } from './evaluate.ts';

const LEFT = 58;
const TOP = 118;
const RIGHT = 28;
const CORNER = { left: LEFT, top: TOP };
/** Room for title and legend, however few the days are. */
const WIDTH_LEAST = 620;

/** No shade is told by its hue alone: what is missed is hollow, what is frozen has a ring, what is open is dashed. */
const STYLE = `${PAGE_STYLE}
.free{fill:#e4eae6}.p1{fill:#cbe8d8}.p2{fill:#93d2b1}.p3{fill:#4fb088}.done{fill:#17694d}
.missed{fill:none;stroke:#8fa198;stroke-width:1.4}.frozen{fill:#dcecf8;stroke:#4a8ec2;stroke-width:1.4}
.open{fill:none;stroke:#17694d;stroke-width:1.6;stroke-dasharray:3 2}
@media (prefers-color-scheme:dark){${DARK_PAGE_STYLE}
.free{fill:#1b2621}.p1{fill:#1d4435}.p2{fill:#23694f}.p3{fill:#2f9570}.done{fill:#7fe0b8}
.missed{stroke:#64756d}.frozen{fill:#17324a;stroke:#6fb1e0}.open{stroke:#7fe0b8}
}`;

const SAID: Record<DayStatus, string> = {
  done: 'done',
  partial: 'begun',
  missed: 'not done',
  frozen: 'not done, forgiven by a freeze',
  skipped: 'skipped',
  excused: 'not done, and no reminder went out',
  vacation: 'on vacation',
  rest: 'a day of rest',
  notDue: 'not due',
  open: 'still open',
};

/** An SVG document of consecutive days, oldest first; `unit` is that of the amounts. */
export function habitHeatMap({
  title,
  unit,
  days,
}: {
  title: string;
  unit: string | null;
  days: EvaluatedDay[];
}): string {
  const dates = days.map(({ date }) => date);
  const first = dates[0] ?? '';
  const width = Math.max(WIDTH_LEAST, LEFT + columnsOf(first, days.length) * STEP + RIGHT);
  const height = TOP + 7 * STEP + 62;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escapeHtml(title)}: calendar of days</title>`,
    `<desc id="d">${escapeHtml(described(days))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="10"/>`,
    `<text class="ink title" x="28" y="40">${escapeHtml(shortened(title))}</text>`,
    `<text class="faint sub" x="28" y="62">${escapeHtml(described(days))}</text>`,
    `<line class="rule" x1="28" x2="${width - RIGHT}" y1="80" y2="80"/>`,
    ...weekdayLabels(CORNER),
    ...monthLabels(CORNER, width - RIGHT, dates),
    ...days.map((day, i) => titledCell(cellAt(CORNER, first, i), day, unit)),
    legend(TOP + 7 * STEP + 22),
    '</svg>',
  ].join('\n');
}

function described(days: EvaluatedDay[]): string {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return 'No days yet';
  const { done, counted: asked } = adherenceOf(days);
  return `${spelled(first.date)} to ${spelled(last.date)}: done on ${done} of ${counted(asked, 'day')} that count`;
}

function titledCell(at: { x: number; y: number }, day: EvaluatedDay, unit: string | null): string {
  const amount = day.amount > 0 && unit !== null ? ` (${unit}: ${Math.round(day.amount * 100) / 100})` : '';
  const said = `${spelled(day.date)}: ${SAID[day.status]}${amount}`;
  return `<g><title>${escapeHtml(said)}</title>${cell(at, shadeOf(day))}</g>`;
}

function shadeOf({ status, progress }: EvaluatedDay): string {
  if (status === 'done' || status === 'missed' || status === 'frozen' || status === 'open') return status;
  return progress > 0 ? `p${Math.min(3, Math.ceil(progress * 3))}` : 'free';
}

/** What is drawn as a line stays within the cell. */
const LINED = ['missed', 'frozen', 'open'];

function cell({ x, y }: { x: number; y: number }, shade: string): string {
  const inset = LINED.includes(shade) ? 0.8 : 0;
  const size = CELL - 2 * inset;
  return `<rect class="${shade}" x="${x + inset}" y="${y + inset}" width="${size}" height="${size}" rx="3.5"/>`;
}

const LEGEND: { shades: string[]; text: string; width: number }[] = [
  { shades: ['done'], text: 'done', width: 62 },
  { shades: ['p1', 'p2', 'p3'], text: 'begun', width: 104 },
  { shades: ['missed'], text: 'not done', width: 80 },
  { shades: ['frozen'], text: 'forgiven', width: 78 },
  { shades: ['free'], text: 'does not count', width: 122 },
  { shades: ['open'], text: 'open', width: 60 },
];

function legend(y: number): string {
  let x = LEFT;
  return LEGEND.map(({ shades, text, width }) => {
    const cells = shades.map((shade, i) => cell({ x: x + i * STEP, y }, shade)).join('');
    const named = label(x + shades.length * STEP + 4, y + 11.5, text);
    x += width;
    return cells + named;
  }).join('');
}
