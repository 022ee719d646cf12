/** Coachees of the benches who are reminded: their creators, and their runs from the start until all of them sleep. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ReminderSchedule } from '../../shared/db/entities/habits.ts';
import { createVault } from '../../shared/services/secrets.ts';
import { nudgeReminders } from '../../temporal/start/reminders.ts';
import type { HerdMember } from '../support/herd.ts';
import { type GivenTelegram, givenTelegram } from '../support/telegram.ts';
import { each, type World } from './world.ts';

const LOOK_EVERY_MS = 500;

/** Creators, each with a bot on the emulated Telegram. */
export const creatorsWithBots = (world: World, count: number): Promise<GivenTelegram[]> => {
  const { CAIRN_ENCRYPTION_KEYS = '', TELEGRAM_API_ROOT: url = '' } = world.environment;
  const telegram = { orm: world.orm, vault: createVault(CAIRN_ENCRYPTION_KEYS), url };
  return Promise.all(Array.from({ length: count }, () => givenTelegram(telegram)));
};

/** Starts every run and waits until each has looked and sleeps; gives until when, Unix milliseconds by coachee. */
export const startReminders = async ({ temporal }: World, herd: HerdMember[]): Promise<Map<string, number>> => {
  await each(herd.length, (index) => nudgeReminders(temporal, herd[index] as HerdMember));
  const owners = [...new Set(herd.map(({ owner }) => owner))];
  for (const { em } of owners)
    while ((await em().count(ReminderSchedule, { nextAt: null })) > 0) await sleep(LOOK_EVERY_MS);
  const schedules = (await Promise.all(owners.map(({ em }) => em().find(ReminderSchedule, {})))).flat();
  return new Map(schedules.map(({ coacheeId, nextAt }) => [coacheeId, nextAt?.getTime() ?? 0]));
};
