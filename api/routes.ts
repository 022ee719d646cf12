/** Every route of the API: a new group is one line here. */
import { apiKeyRoutes } from './accounts/api-keys.ts';
import { memberRoutes } from './accounts/members.ts';
import { accountRoutes } from './accounts/routes.ts';
import { sessionRoutes } from './accounts/session.ts';
import { signInPages } from './accounts/sign-in-page.ts';
import { tokenRoutes } from './accounts/token.ts';
import type { AppParts } from './app-parts.ts';
import { emailAddressRoutes } from './channels/email-address.ts';
import { channelRoutes } from './channels/routes.ts';
import { codecPage } from './codec/page.ts';
import { codecPages } from './codec/routes.ts';
import { conversationRoutes } from './conversations/routes.ts';
import { docsPages } from './docs/pages.ts';
import { adherenceRoutes } from './habits/adherence.ts';
import { alertRoutes } from './habits/alerts.ts';
import { habitCalendarRoutes } from './habits/calendar.ts';
import { checkInRoutes } from './habits/check-ins.ts';
import { coacheeReminderRoutes } from './habits/coachee-reminders.ts';
import { keptHabitRoutes } from './habits/kept.ts';
import { reminderPreviewRoutes } from './habits/reminder-preview.ts';
import { reminderRoutes } from './habits/reminders.ts';
import { habitRoutes } from './habits/routes.ts';
import { vacationRoutes } from './habits/vacations.ts';
import { healthPages } from './health/routes.ts';
import type { Page, Route } from './http/route.ts';
import { coacheeRoutes } from './journeys/coachees.ts';
import { enrollmentImportRoutes } from './journeys/enrollment-imports.ts';
import { enrollmentRoutes } from './journeys/enrollments.ts';
import { entitlementRoutes } from './journeys/entitlements.ts';
import { eventRoutes } from './journeys/events.ts';
import { reviewRoutes } from './journeys/reviews.ts';
import { signalRoutes } from './journeys/signals.ts';
import { timelineRoutes } from './journeys/timeline.ts';
import { migrationRoutes } from './migrations/routes.ts';
import { cohortRoutes } from './programs/cohorts.ts';
import { programFileRoutes } from './programs/files.ts';
import { joinCodeRoutes } from './programs/join-codes.ts';
import { previewRoutes } from './programs/preview.ts';
import { publishRoutes } from './programs/publish.ts';
import { programRoutes } from './programs/routes.ts';
import { simulateRoutes } from './programs/simulate.ts';
import { traceRoutes } from './programs/traces.ts';
import { versionRoutes } from './programs/versions.ts';
import { webchatPages } from './webchat/pages.ts';
import { webchatRoutes } from './webchat/routes.ts';
import { telegramWebhook } from './webhooks/telegram.ts';

const routeGroups: ((parts: AppParts) => Route[])[] = [
  accountRoutes,
  tokenRoutes,
  sessionRoutes,
  memberRoutes,
  apiKeyRoutes,
  programRoutes,
  programFileRoutes,
  versionRoutes,
  publishRoutes,
  traceRoutes,
  simulateRoutes,
  previewRoutes,
  joinCodeRoutes,
  cohortRoutes,
  migrationRoutes,
  coacheeRoutes,
  entitlementRoutes,
  enrollmentRoutes,
  enrollmentImportRoutes,
  eventRoutes,
  signalRoutes,
  reviewRoutes,
  timelineRoutes,
  conversationRoutes,
  channelRoutes,
  emailAddressRoutes,
  habitRoutes,
  keptHabitRoutes,
  vacationRoutes,
  checkInRoutes,
  habitCalendarRoutes,
  adherenceRoutes,
  reminderPreviewRoutes,
  reminderRoutes,
  coacheeReminderRoutes,
  alertRoutes,
  webchatRoutes,
];
const pageGroups: ((parts: AppParts) => Page[])[] = [
  healthPages,
  signInPages,
  codecPage,
  codecPages,
  webchatPages,
  telegramWebhook,
];

/** The declared routes and pages, the documentation of the routes included. */
export const declareAll = (parts: AppParts): (Route | Page)[] => {
  const routes = routeGroups.flatMap((group) => group(parts));
  return [...routes, ...pageGroups.flatMap((group) => group(parts)), ...docsPages(parts, routes)];
};
