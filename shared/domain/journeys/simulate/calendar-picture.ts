/** A simulated year as a picture: a calendar of weeks and weekdays, each day shaded by what a persona is sent on it. */
import type { CalendarDay, SimulationReport } from './simulation-report.ts';

const CELL = 15;
const GAP = 3;
const STEP = CELL + GAP;
const LEFT = 58;
const TOP = 118;
const RIGHT = 28;
/** Of a month with its year. */
const LABEL_WIDTH = 50;
/** Room for title, legend and figures, however short the program is. */
const WIDTH_LEAST = 700;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Beside none at all. */
const SHADES = 5;

const STYLE = `
.page{fill:#ffffff}.ink{fill:#16251f}.faint{fill:#5d6d66}
text{font-family:ui-sans-serif,system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
.title{font-size:19px;font-weight:650}.sub{font-size:12.5px}.label{font-size:11px}.figure{font-size:17px;font-weight:650}
.s0{fill:#eef2ef}.s1{fill:#cbe8d8}.s2{fill:#93d2b1}.s3{fill:#4fb088}.s4{fill:#23805f}.s5{fill:#0d4f3b}
.edge{fill:none;stroke:#16251f;stroke-width:1.6}.goal{fill:#e8590c;stroke:#ffffff;stroke-width:1.2}
.rule{stroke:#dbe3de;stroke-width:1}
@media (prefers-color-scheme:dark){
.page{fill:#0f1714}.ink{fill:#e7efeb}.faint{fill:#93a59d}
.s0{fill:#1b2621}.s1{fill:#1d4435}.s2{fill:#23694f}.s3{fill:#2f9570}.s4{fill:#5cc79c}.s5{fill:#b4f0d3}
.edge{stroke:#e7efeb}.goal{fill:#ff922b;stroke:#0f1714}.rule{stroke:#26332d}
}`;

/** An SVG document; `title` is the program's. */
export const calendarPicture = (title: string, report: SimulationReport): string => {
  const { calendar, personas } = report;
  const weeks = weeksOf(calendar);
  const width = Math.max(WIDTH_LEAST, LEFT + weeks * STEP + RIGHT);
  const height = TOP + 7 * STEP + 112;
  const most = Math.max(0, ...calendar.map(({ sends }) => sends));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escaped(title)}: calendar of messages</title>`,
    `<desc id="d">${escaped(described(report))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}" rx="10"/>`,
    heading(title, report, width),
    ...WEEKDAYS.map((name, row) => label(LEFT - 10, rowAt(row) + 11.5, name, 'end')),
    ...monthLabels(calendar, width),
    ...calendar.map((day, i) => cell(calendar, i, shadeOf(day.sends, most), tooltip(day, personas))),
    ...edges(calendar),
    legend(TOP + 7 * STEP + 20, most / Math.max(1, personas)),
    figures(TOP + 7 * STEP + 66, width, report),
    '</svg>',
  ].join('\n');
};

const weekdayOf = (date: string): number => (new Date(date).getUTCDay() + 6) % 7;
const rowAt = (row: number): number => TOP + row * STEP;

/** Columns: a week begins on Monday. */
const weeksOf = (calendar: CalendarDay[]): number =>
  calendar.length === 0 ? 1 : placeOf(calendar, calendar.length - 1).column + 1;

const placeOf = ([first]: CalendarDay[], i: number): { column: number; row: number } => {
  const position = weekdayOf(first?.date ?? '') + i;
  return { column: Math.floor(position / 7), row: position % 7 };
};

const shadeOf = (sends: number, most: number): number =>
  sends === 0 ? 0 : Math.max(1, Math.ceil((sends / most) * SHADES));

const cell = (calendar: CalendarDay[], i: number, shade: number, tip: string): string => {
  const { column, row } = placeOf(calendar, i);
  const [x, y] = [LEFT + column * STEP, rowAt(row)];
  const goal = calendar[i]?.goals ? `<circle class="goal" cx="${x + CELL - 3}" cy="${y + 3}" r="3.4"/>` : '';
  return `<g><title>${escaped(tip)}</title><rect class="s${shade}" x="${x}" y="${y}" width="${CELL}" height="${CELL}" rx="3.5"/>${goal}</g>`;
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
    const { column, row } = placeOf(calendar, i);
    const [x, y, size] = [LEFT + column * STEP - 1.5, rowAt(row) - 1.5, CELL + 3];
    return [`<rect class="edge" x="${x}" y="${y}" width="${size}" height="${size}" rx="5"/>`];
  });

/** A month stands above the week that it begins in; the first, and every January, with its year. */
const monthLabels = (calendar: CalendarDay[], width: number): string[] => {
  const months = calendar.flatMap(({ date }, i) =>
    i === 0 || date.endsWith('-01') ? [{ date, column: placeOf(calendar, i).column }] : [],
  );
  const [first, second] = months;
  // A first month with but a few days left gives its room to the second.
  const shown = first && second && second.column - first.column < 4 ? months.slice(1) : months;
  return shown.map(({ date, column }, i) => {
    const [year = '', month = ''] = date.split('-');
    const name = MONTHS[Number(month) - 1] ?? '';
    const text = i === 0 || month === '01' ? `${name} ${year}` : name;
    const x = LEFT + column * STEP;
    const fits = x + LABEL_WIDTH <= width - RIGHT;
    return fits ? label(x, TOP - 11, text) : label(x + CELL, TOP - 11, text, 'end');
  });
};

const heading = (title: string, { personas, calendar }: SimulationReport, width: number): string => {
  const from = calendar[0]?.date;
  const to = calendar.at(-1)?.date;
  const span = from && to ? `, ${spelled(from)} to ${spelled(to)} (${counted(calendar.length, 'day')})` : '';
  return [
    `<text class="ink title" x="28" y="40">${escaped(shortened(title))}</text>`,
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

const label = (x: number, y: number, text: string, anchor = 'start'): string =>
  `<text class="faint label" x="${x}" y="${y}" text-anchor="${anchor}">${escaped(text)}</text>`;

const perPersona = (count: number, personas: number): string => short(count / Math.max(1, personas));
const short = (value: number): string => String(value >= 10 ? Math.round(value) : Math.round(value * 10) / 10);
const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;

/** `2 Mar 2026`. */
const spelled = (date: string): string => {
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
};

const TITLE_MAX = 56;
const shortened = (title: string): string =>
  title.length > TITLE_MAX ? `${[...title].slice(0, TITLE_MAX - 1).join('')}…` : title;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
