import * as accounts from './accounts.ts';
import * as channels from './channels.ts';
import * as cohorts from './cohorts.ts';
import * as conversations from './conversations.ts';
import * as enrollmentImports from './enrollment-imports.ts';
import * as habits from './habits.ts';
import * as journeys from './journeys.ts';
import * as migrations from './migrations.ts';
import * as programs from './programs.ts';

export const entities = [
  ...Object.values(accounts),
  ...Object.values(programs),
  ...Object.values(cohorts),
  ...Object.values(journeys),
  ...Object.values(habits),
  ...Object.values(enrollmentImports),
  ...Object.values(migrations),
  ...Object.values(channels),
  ...Object.values(conversations),
];
