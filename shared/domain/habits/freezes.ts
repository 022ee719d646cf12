/** A budget of forgiven misses for each calendar month. The first misses of a month use it up, so that nothing that comes later changes what was forgiven. */
export interface Freezes {
  /** Takes one of the date's month; false where none is left. */
  take(date: string): boolean;
  left(date: string): number;
}

export function freezer(perMonth: number): Freezes {
  const taken = new Map<string, number>();
  const left = (date: string) => perMonth - (taken.get(monthOf(date)) ?? 0);
  return {
    left,
    take(date) {
      if (left(date) <= 0) return false;
      taken.set(monthOf(date), perMonth - left(date) + 1);
      return true;
    },
  };
}

const monthOf = (date: string): string => date.slice(0, 7);
