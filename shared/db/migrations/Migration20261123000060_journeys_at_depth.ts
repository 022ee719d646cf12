import { Migration } from '@mikro-orm/migrations';

/** What deeper programs need: languages and wishes of coachees, check-ins, entitlements, reviews, and messages with media or by email. */
export class Migration20261123000060_journeys_at_depth extends Migration {
  override up(): void {
    this.addSql(`alter table "coachees" add column "language" text null, add column "delivery_policy" jsonb null`);
    this.addSql(`alter table "messages" add column "media" jsonb null, add column "subject" text null`);
    this.addSql(`alter table "enrollments" add column "nudged_at" timestamptz null, add column "parent_key" text null`);
    this.addSql(`alter table "enrollments" add constraint "enrollments_parent" unique ("parent_key")`);
    this.addSql(`create index enrollments_nudged on enrollments (nudged_at) where nudged_at is not null`);
    this.addSql(
      `create table "check_ins" ("id" uuid not null, "creator_id" uuid not null, "coachee_id" uuid not null, "habit" text not null, "key" text not null, "done" boolean not null, "amount" double precision null, "at" timestamptz not null, "local_time" text not null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`alter table "check_ins" add constraint "check_ins_key" unique ("key")`);
    this.addSql(`create index "check_ins_coachee" on "check_ins" ("coachee_id", "habit", "id")`);
    this.addSql(
      `create table "entitlements" ("creator_id" uuid not null, "coachee_id" uuid not null, "name" text not null, "created_at" timestamptz not null default now(), primary key ("coachee_id", "name"))`,
    );
    this.addSql(
      `create table "reviews" ("id" uuid not null, "creator_id" uuid not null, "enrollment_id" uuid not null, "step_key" text not null, "occurrence" int not null, "text" text not null, "instructions" text null, "status" text not null, "note" text null, "decided_by" uuid null, "decided_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(
      `alter table "reviews" add constraint "reviews_effect" unique ("enrollment_id", "step_key", "occurrence")`,
    );
    this.addSql(`create index "reviews_creator" on "reviews" ("creator_id", "status", "id")`);
    this.addSql(
      `alter table "check_ins" add constraint "check_ins_coachee_id_foreign" foreign key ("coachee_id") references "coachees" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "entitlements" add constraint "entitlements_coachee_id_foreign" foreign key ("coachee_id") references "coachees" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "reviews" add constraint "reviews_enrollment_id_foreign" foreign key ("enrollment_id") references "enrollments" ("id") on delete cascade`,
    );
    this.addSql(`alter table "check_ins" enable row level security`);
    this.addSql(
      `create policy "check_ins_tenant" on "check_ins" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "entitlements" enable row level security`);
    this.addSql(
      `create policy "entitlements_tenant" on "entitlements" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "reviews" enable row level security`);
    this.addSql(
      `create policy "reviews_tenant" on "reviews" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`create function directory.nudged_enrollments(age interval, most int) returns table (enrollment_id uuid)
      language sql stable security definer set search_path = public as $$
        select id from enrollments where nudged_at < now() - age and ended_at is null order by nudged_at limit most
      $$`);
    this.addSql('revoke execute on function directory.nudged_enrollments(interval, int) from public');
    this.addSql('grant execute on function directory.nudged_enrollments(interval, int) to cairn_app');
  }
}
