export const digestText = (x: { name: string; habits: unknown[] }): string => `${x.name} ${x.habits.length}`;
