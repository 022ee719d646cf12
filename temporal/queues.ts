/** Task queues. A renamed queue strands the runs on it: these names stay. */
export const JOURNEYS_QUEUE = 'journeys';
export const CONVERSATIONS_QUEUE = 'conversations';
export const REMINDERS_QUEUE = 'reminders';
export const COACH_QUEUE = 'coach';
