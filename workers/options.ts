/**
 * How long a run waits for the worker that has it in memory before any other may replay it. The SDK's own 10 seconds are what every step of every
 * cached run would be late by after a crash; replaying our short histories takes milliseconds.
 */
export const STICKY_WAIT = '2 seconds';
