/** What pictures of a calendar have in common: a column a week, from Monday down to Sunday, a cell a day, the months above. Lengths are in pixels. */
import { escapeHtml } from '../channels/escape-html.ts';

export const CELL = 15;
const GAP = 3;
export const STEP = CELL + GAP;
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Of a month with its year. */
const LABEL_WIDTH = 50;

/** Page, inks and sizes of text, readable by day; the dark ones belong into a `prefers-color-scheme:dark`. */
export const PAGE_STYLE = `
.page{fill:#ffffff}.ink{fill:#16251f}.faint{fill:#5d6d66}
text{font-family:ui-sans-serif,system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
.title{font-size:19px;font-weight:650}.sub{font-size:12.5px}.label{font-size:11px}.figure{font-size:17px;font-weight:650}
.rule{stroke:#dbe3de;stroke-width:1}`;
export const DARK_PAGE_STYLE = `
.page{fill:#0f1714}.ink{fill:#e7efeb}.faint{fill:#93a59d}.rule{stroke:#26332d}`;

/** Where the cells begin. */
export interface Corner {
  left: number;
  top: number;
}

/** The top left corner of the i-th day from the first date on. */
export function cellAt({ left, top }: Corner, first: string, i: number): { x: number; y: number } {
  const { column, row } = placeOf(first, i);
  return { x: left + column * STEP, y: top + row * STEP };
}

/** The columns that so many days take; one at least. */
export const columnsOf = (first: string, days: number): number =>
  days === 0 ? 1 : placeOf(first, days - 1).column + 1;

const placeOf = (first: string, i: number): { column: number; row: number } => {
  const position = ((new Date(first).getUTCDay() + 6) % 7) + i;
  return { column: Math.floor(position / 7), row: position % 7 };
};

export const weekdayLabels = ({ left, top }: Corner): string[] =>
  WEEKDAYS.map((name, row) => label(left - 10, top + row * STEP + 11.5, name, 'end'));

/** A month stands above the week that it begins in; the first, and every January, with its year. Nothing is written beyond `right`. */
export const monthLabels = (corner: Corner, right: number, dates: string[]): string[] => {
  const months = dates.flatMap((date, i) =>
    i === 0 || date.endsWith('-01') ? [{ date, x: cellAt(corner, dates[0] ?? date, i).x }] : [],
  );
  const [first, second] = months;
  // A first month with but a few days left gives its room to the second.
  const shown = first && second && second.x - first.x < 4 * STEP ? months.slice(1) : months;
  return shown.map(({ date, x }, i) => {
    const [year = '', month = ''] = date.split('-');
    const name = MONTHS[Number(month) - 1] ?? '';
    const text = i === 0 || month === '01' ? `${name} ${year}` : name;
    const fits = x + LABEL_WIDTH <= right;
    return fits ? label(x, corner.top - 11, text) : label(x + CELL, corner.top - 11, text, 'end');
  });
};

export const label = (x: number, y: number, text: string, anchor = 'start'): string =>
  `<text class="faint label" x="${x}" y="${y}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;

export const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;

/** `2 Mar 2026`. */
export const spelled = (date: string): string => {
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
};

const TITLE_MAX = 56;
/** A title that fits above the least of pictures. */
export const shortened = (title: string): string =>
  [...title].length > TITLE_MAX ? `${[...title].slice(0, TITLE_MAX - 1).join('')}…` : title;
