import { Migration } from '@mikro-orm/migrations';

const current = "nullif(current_setting('app.creator_id', true), '')::uuid";

const TENANT_TABLES = [
  'habits',
  'coachee_habits',
  'habit_days',
  'vacations',
  'reminder_rules',
  'reminder_fires',
  'reminder_schedules',
  'reminder_anchors',
  'alerts',
];

/** Habits, their days, and reminders of them. */
export class Migration20261123000110_habits extends Migration {
  override up(): void {
    this.addSql(`alter table "creators" add column "reminder_settings" jsonb null`);
    this.addSql(`alter table "deliveries" add column "not_by" uuid null`);
    this.addSql(
      `alter table "check_ins" add column "habit_id" uuid null, add column "date" text null, add column "act" text not null default 'checkIn', add column "note" text null, add column "source" text not null default 'journey', add column "undone_at" timestamptz null`,
    );
    this.addSql(`create index "check_ins_day" on "check_ins" ("coachee_id", "habit_id", "date")`);
    this.addSql(
      `create table "habits" ("id" uuid not null, "creator_id" uuid not null, "name" text not null, "title" text not null, "rules" jsonb not null, "archived_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`alter table "habits" add constraint "habits_name" unique ("creator_id", "name")`);
    this.addSql(
      `create table "coachee_habits" ("id" uuid not null, "creator_id" uuid not null, "coachee_id" uuid not null, "habit_id" uuid not null, "enrollment_id" uuid null, "start_date" text not null, "end_date" text null, "streak" int not null default 0, "longest_streak" int not null default 0, "strength" double precision not null default 0, "freezes_left" int not null default 0, "closed_to" text null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`alter table "coachee_habits" add constraint "coachee_habits_once" unique ("coachee_id", "habit_id")`);
    this.addSql(`create index "coachee_habits_habit" on "coachee_habits" ("habit_id", "id")`);
    this.addSql(
      `create table "habit_days" ("coachee_id" uuid not null, "habit_id" uuid not null, "date" text not null, "creator_id" uuid not null, "status" text not null, "progress" double precision not null, "amount" double precision not null, primary key ("coachee_id", "habit_id", "date"))`,
    );
    this.addSql(`create index "habit_days_date" on "habit_days" ("creator_id", "date")`);
    this.addSql(
      `create table "vacations" ("id" uuid not null, "creator_id" uuid not null, "coachee_id" uuid not null, "from_date" text not null, "to_date" text not null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "vacations_coachee" on "vacations" ("coachee_id")`);
    this.addSql(
      `create table "reminder_rules" ("id" uuid not null, "creator_id" uuid not null, "habit_id" uuid null, "coachee_id" uuid null, "kind" text not null, "text" text null, "rule" jsonb not null, "options" jsonb not null, "revision" int not null default 1, "archived_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "reminder_rules_creator" on "reminder_rules" ("creator_id", "id")`);
    this.addSql(`create index "reminder_rules_habit" on "reminder_rules" ("habit_id")`);
    this.addSql(`create index "reminder_rules_coachee" on "reminder_rules" ("coachee_id")`);
    this.addSql(
      `create table "reminder_fires" ("id" uuid not null, "creator_id" uuid not null, "coachee_id" uuid not null, "rule_id" uuid not null, "habit_id" uuid null, "date" text not null, "time" text not null, "habit_day" text not null, "status" text not null, "stage" int not null default 0, "due_at" timestamptz not null, "next_at" timestamptz null, "snoozed" boolean not null default false, "is_absent" boolean not null default false, "proven" boolean not null default false, "delivery_key" text null, "reason" text null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(
      `alter table "reminder_fires" add constraint "reminder_fires_slot" unique ("coachee_id", "rule_id", "date", "time")`,
    );
    this.addSql(`create index "reminder_fires_day" on "reminder_fires" ("coachee_id", "habit_id", "habit_day")`);
    this.addSql(`create index "reminder_fires_key" on "reminder_fires" ("delivery_key")`);
    this.addSql(`create index reminder_fires_open on reminder_fires (coachee_id) where status in ('waiting', 'open')`);
    this.addSql(
      `create table "reminder_schedules" ("coachee_id" uuid not null, "creator_id" uuid not null, "cursors" jsonb not null, "next_at" timestamptz null, "nudged_at" timestamptz null, "paused_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("coachee_id"))`,
    );
    this.addSql(`create index reminder_schedules_nudged on reminder_schedules (nudged_at) where nudged_at is not null`);
    this.addSql(`create index reminder_schedules_next on reminder_schedules (next_at) where next_at is not null`);
    this.addSql(
      `create table "reminder_anchors" ("coachee_id" uuid not null, "event_id" text not null, "creator_id" uuid not null, "event" text not null, "date" text not null, "created_at" timestamptz not null default now(), primary key ("coachee_id", "event_id"))`,
    );
    this.addSql(
      `create table "alerts" ("id" uuid not null, "creator_id" uuid not null, "coachee_id" uuid not null, "kind" text not null, "key" text not null, "text" text not null, "resolved_at" timestamptz null, "resolved_by" uuid null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`alter table "alerts" add constraint "alerts_key" unique ("key")`);
    this.addSql(`create index "alerts_creator" on "alerts" ("creator_id", "id")`);
    const references = [
      ...TENANT_TABLES.filter((table) => table !== 'habits').map((table) => [table, 'coachee', 'coachees']),
      ...['coachee_habits', 'habit_days', 'reminder_rules', 'reminder_fires'].map((table) => [
        table,
        'habit',
        'habits',
      ]),
      ['reminder_fires', 'rule', 'reminder_rules'],
    ];
    for (const [table, column, other] of references) {
      // What MikroORM says of a key that is the whole primary key.
      const onUpdate = table === 'reminder_schedules' ? 'on update cascade ' : '';
      this.addSql(
        `alter table "${table}" add constraint "${table}_${column}_id_foreign" foreign key ("${column}_id") references "${other}" ("id") ${onUpdate}on delete cascade`,
      );
    }
    for (const table of TENANT_TABLES) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(
        `create policy "${table}_tenant" on "${table}" using (creator_id = ${current}) with check (creator_id = ${current})`,
      );
    }
    this.addSql(`create function directory.forgotten_reminders(age interval, most int)
      returns table (creator_id uuid, coachee_id uuid)
      language sql stable security definer set search_path = public as $$
        (select creator_id, coachee_id from reminder_schedules where nudged_at < now() - age order by nudged_at limit most)
        union
        (select creator_id, coachee_id from reminder_schedules where next_at < now() - interval '30 minutes' order by next_at limit most)
      $$`);
    this.addSql('revoke execute on function directory.forgotten_reminders(interval, int) from public');
    this.addSql('grant execute on function directory.forgotten_reminders(interval, int) to cairn_app');
  }
}
