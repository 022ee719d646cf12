/** The corpus of lint: bad programs by what is wrong with them, and good ones. */
import { channels } from './channels.ts';
import { graph } from './graph.ts';
import { languages } from './languages.ts';
import { time } from './time.ts';
import { watches } from './watches.ts';
import { words } from './words.ts';

export { sound } from './good.ts';
export const faulty = [...graph, ...words, ...time, ...watches, ...channels, ...languages];
