/** A simulated year as a picture: a calendar of weeks and weekdays, each day shaded by what a persona is sent on it. */
import { escapeHtml } from '../../channels/escape-html.ts';
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
} from '../../pictures/calendar-grid.ts';
import type { CalendarDay, SimulationReport } from './simulation-report.ts';

const LEFT = 58;
const TOP = 118;
const GRID = { left: LEFT, top: TOP };
const RIGHT = 28;
/** Room for title, legend and figures, however short the program is. */
const WIDTH_LEAST = 700;
/** Beside none at all. */
const SHADES = 5;

const STYLE = `${PAGE_STYLE}
.s0{fill:#eef2ef}.s1{fill:#cbe8d8}.s2{fill:#93d2b1}.s3{fill:#4fb088}.s4{fill:#23805f}.s5{fill:#0d4f3b}
.edge{fill:none;stroke:#16251f;stroke-width:1.6}.goal{fill:#e8590c;stroke:#ffffff;stroke-width:1.2}
@media (prefers-color-scheme:dark){${DARK_PAGE_STYLE}
.s0{fill:#1b2621}.s1{fill:#1d4435}.s2{fill:#23694f}.s3{fill:#2f9570}.s4{fill:#5cc79c}.s5{fill:#b4f0d3}
.edge{stroke:#e7efeb}.goal{fill:#ff922b;stroke:#0f1714}
}`;

/** An SVG document; `title` is the program's. */
export const calendarPicture = (title: string, report: SimulationReport): string => {
  const { calendar, personas } = report;
  const dates = calendar.map(({ date }) => date);
  const width = Math.max(WIDTH_LEAST, LEFT + columnsOf(dates[0] ?? '', dates.length) * STEP + RIGHT);
  const height = TOP + 7 * STEP + 112;
  const most = Math.max(0, ...calendar.map(({ sends }) => sends));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escapeHtml(title)}: calendar of messages</title>`,
    `<desc id="d">${escapeHtml(described(report))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="10"/>`,
    heading(title, report, width),
    ...weekdayLabels(GRID),
    ...monthLabels(GRID, width - RIGHT, dates),
    ...calendar.map((day, i) => cell(calendar, i, shadeOf(day.sends, most), tooltip(day, personas))),
    ...edges(calendar),
    legend(TOP + 7 * STEP + 20, most / Math.max(1, personas)),
    figures(TOP + 7 * STEP + 66, width, report),
    '</svg>',
  ].join('\n');
};

const shadeOf = (sends: number, most: number): number =>
  sends === 0 ? 0 : Math.max(1, Math.ceil((sends / most) * SHADES));

const cell = (calendar: CalendarDay[], i: number, shade: number, tip: string): string => {
  const { x, y } = cellAt(GRID, calendar[0]?.date ?? '', i);
  const goal = calendar[i]?.goals ? `<circle class="goal" cx="${x + CELL - 3}" cy="${y + 3}" r="3.4"/>` : '';
  return `<g><title>${escapeHtml(tip)}</title><rect class="s${shade}" x="${x}" y="${y}" width="${CELL}" height="${CELL}" rx="3.5"/>${goal}</g>`;
};

const tooltip = ({ date, sends, questions, waits, goals, starts, ends }: CalendarDay, personas: number): string => {
  const parts = [
    `${perPersona(sends, personas)} per persona`,
    ...(questions > 0 ? [`${perPersona(questions, personas)} of them questions`] : []),
    ...(waits > 0 ? [counted(waits, 'wait')] : []),
    ...(goals > 0 ? [`${counted(goals, 'goal')} reached`] : []),
    ...(starts > 0 ? [`${counted(starts, 'start')}`] : []),
    ...(ends > 0 ? [`${counted(ends, 'end')}`] : []),
  ];
  return `${spelled(date)}: ${parts.join(', ')}`;
};

/** A frame around the first and the last day. */
const edges = (calendar: CalendarDay[]): string[] =>
  [...new Set([0, calendar.length - 1])].flatMap((i) => {
    if (!calendar[i]) return [];
    const { x, y } = cellAt(GRID, calendar[0]?.date ?? '', i);
    const size = CELL + 3;
    return [`<rect class="edge" x="${x - 1.5}" y="${y - 1.5}" width="${size}" height="${size}" rx="5"/>`];
  });

const heading = (title: string, { personas, calendar }: SimulationReport, width: number): string => {
  const from = calendar[0]?.date;
  const to = calendar.at(-1)?.date;
  const span = from && to ? `, ${spelled(from)} to ${spelled(to)} (${counted(calendar.length, 'day')})` : '';
  return [
    `<text class="ink title" x="28" y="40">${escapeHtml(shortened(title))}</text>`,
    `<text class="faint sub" x="28" y="62">What ${counted(personas, 'simulated persona')} would be sent, day by day${span}</text>`,
    `<line class="rule" x1="28" x2="${width - RIGHT}" y1="80" y2="80"/>`,
  ].join('');
};

/** What the shades, the dot and the frame mean. */
const legend = (y: number, mostPerPersona: number): string => {
  const shades = Array.from(
    { length: SHADES + 1 },
    (_, i) => `<rect class="s${i}" x="${LEFT + 34 + i * STEP}" y="${y}" width="${CELL}" height="${CELL}" rx="3.5"/>`,
  );
  const afterShades = LEFT + 34 + (SHADES + 1) * STEP + 6;
  const goalAt = afterShades + 200;
  return [
    label(LEFT, y + 11.5, 'none'),
    ...shades,
    label(afterShades, y + 11.5, `up to ${short(mostPerPersona)} messages per persona`),
    `<circle class="goal" cx="${goalAt}" cy="${y + 7.5}" r="3.8"/>`,
    label(goalAt + 10, y + 11.5, 'a goal was reached'),
    `<rect class="edge" x="${goalAt + 130}" y="${y}" width="${CELL}" height="${CELL}" rx="4"/>`,
    label(goalAt + 153, y + 11.5, 'first and last day'),
  ].join('');
};

/** The report in a line of figures. */
const figures = (
  y: number,
  width: number,
  { sends, personas, channels, outcomes, goals }: SimulationReport,
): string => {
  const finished = outcomes.reduce((sum, { status, count }) => sum + (status === 'finished' ? count : 0), 0);
  const all: [string, string][] = [
    [short(sends / Math.max(1, personas)), 'messages per persona'],
    [String(Math.max(0, ...channels.map(({ mostPerDay }) => mostPerDay))), 'at most on one day'],
    [`${Math.round((100 * finished) / Math.max(1, personas))} %`, 'finished'],
    [String(goals.reduce((sum, { count }) => sum + count, 0)), 'goals reached'],
  ];
  const room = (Math.min(width, 1040) - LEFT - RIGHT) / all.length;
  return all
    .map(([figure, name], i) => {
      const x = LEFT + i * room;
      return `<text class="ink figure" x="${x}" y="${y + 6}">${figure}</text>${label(x, y + 23, name)}`;
    })
    .join('');
};

/** The picture in words, for those who do not see it. */
const described = ({ personas, sends, calendar, goals }: SimulationReport): string => {
  const busiest = calendar.reduce<CalendarDay | null>(
    (most, day) => (most && most.sends >= day.sends ? most : day),
    null,
  );
  const quiet = calendar.filter((day) => day.sends === 0).length;
  return [
    `${counted(personas, 'simulated persona')} over ${counted(calendar.length, 'day')}: ${perPersona(sends, personas)} messages each on average.`,
    busiest && busiest.sends > 0
      ? `The busiest day is ${spelled(busiest.date)} with ${perPersona(busiest.sends, personas)} messages per persona.`
      : '',
    `On ${counted(quiet, 'day')} nothing is sent.`,
    ...goals.slice(0, 5).map(({ goal, count }) => `Goal "${goal}": reached ${counted(count, 'time')}.`),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
};

const perPersona = (count: number, personas: number): string => short(count / Math.max(1, personas));
const short = (value: number): string => String(value >= 10 ? Math.round(value) : Math.round(value * 10) / 10);
