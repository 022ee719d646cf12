/** Rules of reminders, and a creator's settings of them. */
import { z } from 'zod';
import { reminderRuleId } from '../../shared/contracts/ids.ts';
import {
  changeReminderRequest,
  createReminderRequest,
  reminder,
  reminderPage,
  reminderQuery,
  reminderSettings,
} from '../../shared/contracts/reminder-rules.ts';
import { audit } from '../../shared/services/audit.ts';
import {
  changeReminder,
  createReminder,
  deleteReminder,
  getReminder,
  getReminderSettings,
  listReminders,
  setReminderSettings,
} from '../../shared/services/reminder-rules.ts';
import { by } from '../accounts/actor.ts';
import type { AppParts } from '../app-parts.ts';
import { type Route, reply, route } from '../http/route.ts';
import { authorizeReminder, policy } from './policy.ts';
import { presentReminder } from './reminder-presenter.ts';
import { tellReminders } from './tell.ts';

const tag = 'habits';
const params = z.object({ id: reminderRuleId });
const settingsPath = '/v1/reminders/settings';

/** Before those of one reminder: `settings` is no id. */
const settingsRoutes: Route[] = [
  route({
    method: 'get',
    path: settingsPath,
    tag,
    summary: 'How reminders are spread and joined',
    role: policy.read,
    reply: reminderSettings,
    handle: async ({ em, caller }) => reply(await getReminderSettings(em, caller.creatorId)),
  }),
  route({
    method: 'put',
    path: settingsPath,
    tag,
    summary: 'Set how reminders are spread and joined',
    description: 'Holds for each coachee from the next time that something is due for them.',
    role: policy.edit,
    body: reminderSettings,
    reply: reminderSettings,
    handle: async ({ em, caller, body }) => {
      await setReminderSettings(em, caller.creatorId, body);
      const subject = `creator/${caller.creatorId}`;
      await audit(em, { ...by(caller), action: 'reminders.settingsChanged', subject, detail: body });
      return reply(body);
    },
  }),
];

export const reminderRoutes = (parts: AppParts): Route[] => [
  ...settingsRoutes,
  route({
    method: 'get',
    path: '/v1/reminders',
    tag,
    summary: 'List reminders, the newest first',
    role: policy.read,
    query: reminderQuery,
    reply: reminderPage,
    handle: async ({ em, query }) => {
      const { items, nextCursor } = await listReminders(em, query);
      return reply({ items: items.map(presentReminder), nextCursor });
    },
  }),
  route({
    method: 'post',
    path: '/v1/reminders',
    tag,
    summary: 'Make a reminder',
    description:
      'For everyone who keeps a habit (role editor), for one coachee, or for one coachee’s habit. It owes what lies ahead of each coachee’s clock.',
    role: policy.coach,
    body: createReminderRequest,
    status: 201,
    reply: reminder,
    problems: [404],
    handle: async ({ em, caller, body }) => {
      authorizeReminder(caller.role, body);
      const { rule, concerned } = await createReminder(em, caller.creatorId, body);
      await audit(em, { ...by(caller), action: 'reminder.created', subject: `reminder/${rule.id}` });
      return reply(presentReminder(rule), {
        headers: { Location: `/v1/reminders/${rule.id}` },
        after: () => tellReminders(parts, caller.creatorId, concerned),
      });
    },
  }),
  route({
    method: 'get',
    path: '/v1/reminders/:id',
    tag,
    summary: 'Get a reminder',
    role: policy.read,
    params,
    reply: reminder,
    handle: async ({ em, params: { id } }) => reply(presentReminder(await getReminder(em, id))),
  }),
  route({
    method: 'patch',
    path: '/v1/reminders/:id',
    tag,
    summary: 'Change a reminder',
    role: policy.coach,
    params,
    body: changeReminderRequest,
    reply: reminder,
    handle: async ({ em, caller, params: { id }, body }) => {
      authorizeReminder(caller.role, await getReminder(em, id));
      const { rule, concerned } = await changeReminder(em, id, body);
      await audit(em, { ...by(caller), action: 'reminder.changed', subject: `reminder/${id}`, detail: body });
      return reply(presentReminder(rule), { after: () => tellReminders(parts, caller.creatorId, concerned) });
    },
  }),
  route({
    method: 'delete',
    path: '/v1/reminders/:id',
    tag,
    summary: 'Delete a reminder',
    description: 'What it has sent is kept.',
    role: policy.coach,
    params,
    handle: async ({ em, caller, params: { id } }) => {
      authorizeReminder(caller.role, await getReminder(em, id));
      const { concerned } = await deleteReminder(em, id);
      await audit(em, { ...by(caller), action: 'reminder.deleted', subject: `reminder/${id}` });
      return reply(undefined, { after: () => tellReminders(parts, caller.creatorId, concerned) });
    },
  }),
];
