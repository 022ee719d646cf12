/** What a coachee can say of a habit's day, and where they said it. */

/** `skip`: not today, and no miss either. */
export type CheckInAct = 'checkIn' | 'skip';
export type CheckInSource = 'journey' | 'button' | 'text' | 'api';
