import { Migration } from '@mikro-orm/migrations';

/** How people get into programs: cohorts, files, events, and what a program says of coming in and coming back. */
export class Migration20261123000080_ways_in extends Migration {
  override up(): void {
    this.addSql(`alter table "coachees" add column "external_id" text null`);
    this.addSql(`alter table "coachees" add constraint "coachees_external" unique ("creator_id", "external_id")`);
    this.addSql(
      `alter table "program_versions" add column "enrollment" jsonb generated always as ((definition -> 'enrollment'::text)) stored null`,
    );
    this.addSql(
      `create index program_versions_triggered on program_versions (creator_id) where (enrollment -> 'on'::text) is not null`,
    );
    this.addSql(
      `create table "cohorts" ("id" uuid not null, "creator_id" uuid not null, "program_id" uuid not null, "name" text not null, "kind" text not null, "starts_on" date null, "starts_at" text not null default '08:00', "cap" int null, "late" boolean not null default false, "coach_user_id" uuid null, "closed_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "cohorts_program" on "cohorts" ("program_id", "id")`);
    this.addSql(`alter table "enrollments" add column "cohort_id" uuid null`);
    this.addSql(`create index "enrollments_cohort" on "enrollments" ("cohort_id")`);
    this.addSql(`alter table "join_codes" add column "cohort_id" uuid null`);
    this.addSql(
      `create table "enrollment_imports" ("id" uuid not null, "creator_id" uuid not null, "program_id" uuid not null, "cohort_id" uuid null, "status" text not null, "run_started_at" timestamptz null, "ended_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "enrollment_imports_creator" on "enrollment_imports" ("creator_id", "id")`);
    this.addSql(
      `create index enrollment_imports_unstarted on enrollment_imports (created_at) where run_started_at is null and ended_at is null`,
    );
    this.addSql(
      `create table "enrollment_import_rows" ("import_id" uuid not null, "line" int not null, "creator_id" uuid not null, "newcomer" jsonb null, "status" text not null, "errors" jsonb not null, "coachee_id" uuid null, "enrollment_id" uuid null, "join_code" text null, "created_at" timestamptz not null default now(), primary key ("import_id", "line"))`,
    );
    this.addSql(
      `create index "enrollment_import_rows_status" on "enrollment_import_rows" ("import_id", "status", "line")`,
    );
    this.addSql(
      `create table "enrollment_events" ("creator_id" uuid not null, "event_id" text not null, "name" text not null, "payload" jsonb not null, "outcome" jsonb null, "created_at" timestamptz not null default now(), primary key ("creator_id", "event_id"))`,
    );
    this.addSql(`create index "enrollment_events_age" on "enrollment_events" ("created_at")`);
    this.addSql(
      `alter table "cohorts" add constraint "cohorts_program_id_foreign" foreign key ("program_id") references "programs" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "enrollments" add constraint "enrollments_cohort_id_foreign" foreign key ("cohort_id") references "cohorts" ("id") on delete set null`,
    );
    this.addSql(
      `alter table "enrollment_import_rows" add constraint "enrollment_import_rows_import_id_foreign" foreign key ("import_id") references "enrollment_imports" ("id") on delete cascade`,
    );
    this.addSql(`alter table "cohorts" enable row level security`);
    this.addSql(
      `create policy "cohorts_tenant" on "cohorts" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "enrollment_imports" enable row level security`);
    this.addSql(
      `create policy "enrollment_imports_tenant" on "enrollment_imports" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "enrollment_import_rows" enable row level security`);
    this.addSql(
      `create policy "enrollment_import_rows_tenant" on "enrollment_import_rows" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "enrollment_events" enable row level security`);
    this.addSql(
      `create policy "enrollment_events_tenant" on "enrollment_events" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`create function directory.unstarted_imports(age interval, most int) returns table (creator_id uuid, import_id uuid)
      language sql stable security definer set search_path = public as $$
        select creator_id, id from enrollment_imports
        where run_started_at is null and ended_at is null and created_at < now() - age order by created_at limit most
      $$`);
    this.addSql(`create function directory.forget_events() returns void
      language sql security definer set search_path = public as $$
        delete from enrollment_events where created_at < now() - interval '8 days'
      $$`);
    for (const signature of ['unstarted_imports(interval, int)', 'forget_events()']) {
      this.addSql(`revoke execute on function directory.${signature} from public`);
      this.addSql(`grant execute on function directory.${signature} to cairn_app`);
    }
  }
}
