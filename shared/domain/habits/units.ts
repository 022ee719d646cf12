/** The units of habits as people write them, in English, German and Spanish, folded (journeys/steps/fold.ts). */

interface Unit {
  /** Units of one family are converted into each other. */
  family: string;
  /** How many of the family's smallest unit it is. */
  size: number;
  names: string[];
}

const UNITS: Unit[] = [
  { family: 'time', size: 1, names: ['min', 'mins', 'm', 'minute', 'minutes', 'minuten', 'minuto', 'minutos'] },
  { family: 'time', size: 60, names: ['h', 'hr', 'hrs', 'hour', 'hours', 'std', 'stunde', 'stunden', 'hora', 'horas'] },
  { family: 'distance', size: 1, names: ['m', 'metre', 'metres', 'meter', 'meters', 'metern', 'metro', 'metros'] },
  {
    ...{ family: 'distance', size: 1000 },
    names: [
      'km',
      'kms',
      'k',
      'kilometre',
      'kilometres',
      'kilometer',
      'kilometers',
      'kilometern',
      'kilometro',
      'kilometros',
    ],
  },
  { family: 'distance', size: 1609.344, names: ['mi', 'mile', 'miles', 'meile', 'meilen', 'milla', 'millas'] },
  { family: 'volume', size: 1, names: ['ml', 'millilitre', 'millilitres', 'milliliter', 'milliliters', 'mililitros'] },
  { family: 'volume', size: 1000, names: ['l', 'litre', 'litres', 'liter', 'liters', 'litro', 'litros'] },
  { family: 'mass', size: 1, names: ['g', 'gr', 'gram', 'grams', 'gramm', 'gramo', 'gramos'] },
  { family: 'mass', size: 1000, names: ['kg', 'kilo', 'kilos', 'kilogram', 'kilograms', 'kilogramm', 'kilogramos'] },
  { family: 'glass', size: 1, names: ['glass', 'glasses', 'glas', 'glaser', 'glasern', 'vaso', 'vasos'] },
  { family: 'cup', size: 1, names: ['cup', 'cups', 'tasse', 'tassen', 'taza', 'tazas'] },
  { family: 'page', size: 1, names: ['page', 'pages', 'seite', 'seiten', 'pagina', 'paginas'] },
  { family: 'step', size: 1, names: ['step', 'steps', 'schritt', 'schritte', 'schritten', 'paso', 'pasos'] },
  {
    family: 'portion',
    size: 1,
    names: ['portion', 'portions', 'portionen', 'porcion', 'porciones', 'serving', 'servings'],
  },
  {
    family: 'cigarette',
    size: 1,
    names: ['cigarette', 'cigarettes', 'zigarette', 'zigaretten', 'cigarrillo', 'cigarrillos'],
  },
  { family: 'word', size: 1, names: ['word', 'words', 'wort', 'worter', 'worte', 'palabra', 'palabras'] },
  { family: 'times', size: 1, names: ['x', 'time', 'times', 'mal', 'vez', 'veces'] },
];

/** Of what is done several times a day, and has no unit of its own. */
export const TIMES = 'times';

/** The amount in the habit's own unit; null where the one has nothing to do with the other. Both units folded. */
export function converted(amount: number, spoken: string, own: string): number | null {
  for (const from of unitsOf(spoken)) {
    const to = unitsOf(own).find(({ family }) => family === from.family);
    // Millionths are beyond anything said, and binary fractions would show in them.
    if (to) return Math.round((amount * from.size * 1e6) / to.size) / 1e6;
  }
  return singular(spoken) === singular(own) ? amount : null;
}

/** Whether amounts of it usually have decimals, so that the point of `1.500` is no mark of thousands. */
export function isDivided(unit: string): boolean {
  return unitsOf(unit).some(({ family, size }) => size > 1 || family === 'time');
}

/** Minutes and hours are said of anything; other units say what is meant. */
export function isOfTime(unit: string): boolean {
  return unitsOf(unit).some(({ family }) => family === 'time');
}

const unitsOf = (name: string): Unit[] => UNITS.filter(({ names }) => names.includes(name));

/** Of units that the list does not know, a plural is told by its ending. */
const singular = (name: string): string => (name.length > 3 ? name.replace(/(es|en|s|n|e)$/, '') : name);
