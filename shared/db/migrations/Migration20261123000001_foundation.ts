import { Migration } from '@mikro-orm/migrations';

/** Tables of the foundation, as the entities of that day describe them. */
export class Migration20261123000001_foundation extends Migration {
  override up(): void {
    this.addSql(
      `create table "api_keys" ("id" uuid not null, "creator_id" uuid not null, "name" text not null, "role" text not null, "secret_hash" text not null, "hint" text not null, "last_used_at" timestamptz null, "revoked_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "api_keys_creator" on "api_keys" ("creator_id", "id")`);
    this.addSql(
      `create table "audit_entries" ("id" uuid not null, "creator_id" uuid not null, "actor" text not null, "action" text not null, "subject" text not null, "detail" jsonb not null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "audit_entries_creator" on "audit_entries" ("creator_id", "id")`);
    this.addSql(
      `create table "channels" ("id" uuid not null, "creator_id" uuid not null, "kind" text not null, "name" text not null, "settings" jsonb not null, "secret" text null, "disabled_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "channels_creator" on "channels" ("creator_id", "id")`);
    this.addSql(`create index "channels_kind" on "channels" ("kind")`);
    this.addSql(
      `create table "coachees" ("id" uuid not null, "creator_id" uuid not null, "name" text not null, "time_zone" text not null, "traits" jsonb not null, "tags" jsonb not null, "is_test" boolean not null default false, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "coachees_creator" on "coachees" ("creator_id", "id")`);
    this.addSql(
      `create table "creators" ("id" uuid not null, "name" text not null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(
      `create table "deliveries" ("id" uuid not null, "creator_id" uuid not null, "key" text not null, "message_id" uuid not null, "enrollment_id" uuid null, "coachee_id" uuid not null, "channel_id" uuid null, "identity_id" uuid null, "status" text not null, "provider_message_id" text null, "reason" text null, "attempts" int not null default 0, "is_test" boolean not null default false, "reserved_at" timestamptz null, "settled_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`alter table "deliveries" add constraint "deliveries_key_unique" unique ("key")`);
    this.addSql(`create index "deliveries_creator_status" on "deliveries" ("creator_id", "status", "id")`);
    this.addSql(`create index "deliveries_enrollment" on "deliveries" ("enrollment_id", "id")`);
    this.addSql(
      `create table "idempotent_requests" ("creator_id" uuid not null, "key" text not null, "fingerprint" text not null, "status" int null, "response" text null, "created_at" timestamptz not null default now(), primary key ("creator_id", "key"))`,
    );
    this.addSql(`create index "idempotent_requests_age" on "idempotent_requests" ("created_at")`);
    this.addSql(
      `create table "identities" ("id" uuid not null, "creator_id" uuid not null, "channel_id" uuid not null, "coachee_id" uuid not null, "address" text not null, "blocked_at" timestamptz null, "last_inbound_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "identities_coachee" on "identities" ("coachee_id")`);
    this.addSql(`alter table "identities" add constraint "identities_address" unique ("channel_id", "address")`);
    this.addSql(
      `create table "inbound_messages" ("id" uuid not null, "creator_id" uuid not null, "channel_id" uuid not null, "external_id" text not null, "identity_id" uuid not null, "coachee_id" uuid not null, "content" jsonb not null, "handled_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "inbound_messages_coachee" on "inbound_messages" ("coachee_id", "id")`);
    this.addSql(`create index inbound_messages_unread on inbound_messages (created_at) where handled_at is null`);
    this.addSql(
      `alter table "inbound_messages" add constraint "inbound_messages_once" unique ("channel_id", "external_id")`,
    );
    this.addSql(
      `create table "join_codes" ("code" text not null, "creator_id" uuid not null, "program_id" uuid null, "coachee_id" uuid null, "enrollment_id" uuid null, "test_ms_per_day" int null, "expires_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("code"))`,
    );
    this.addSql(`create index "join_codes_program" on "join_codes" ("program_id")`);
    this.addSql(`create index "join_codes_coachee" on "join_codes" ("coachee_id")`);
    this.addSql(
      `create table "members" ("creator_id" uuid not null, "user_id" uuid not null, "role" text not null, "created_at" timestamptz not null default now(), primary key ("creator_id", "user_id"))`,
    );
    this.addSql(`create index "members_user" on "members" ("user_id")`);
    this.addSql(
      `create table "messages" ("id" uuid not null, "creator_id" uuid not null, "coachee_id" uuid not null, "direction" text not null, "text" text not null, "buttons" jsonb not null, "enrollment_id" uuid null, "step_key" text null, "occurrence" int null, "channel_id" uuid null, "seq" int null, "is_test" boolean not null default false, "at" timestamptz null, "local_time" text null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "messages_creator" on "messages" ("creator_id", "id")`);
    this.addSql(`create index "messages_enrollment" on "messages" ("enrollment_id")`);
    this.addSql(`alter table "messages" add constraint "messages_order" unique ("coachee_id", "seq")`);
    this.addSql(
      `create table "programs" ("id" uuid not null, "creator_id" uuid not null, "title" text not null, "draft" jsonb null, "draft_revision" int not null default 0, "published_version" int null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "programs_creator" on "programs" ("creator_id", "id")`);
    this.addSql(
      `create table "program_versions" ("id" uuid not null, "creator_id" uuid not null, "program_id" uuid not null, "version" int not null, "definition" jsonb not null, "notes" text not null default '', "published_by" uuid null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "program_versions_creator" on "program_versions" ("creator_id", "id")`);
    this.addSql(
      `alter table "program_versions" add constraint "program_versions_number" unique ("program_id", "version")`,
    );
    this.addSql(
      `create or replace function "program_versions_program_versions_immutable_fn"() returns trigger as $$ begin raise exception 'a published program version never changes' using errcode = 'restrict_violation'; end; $$ language plpgsql`,
    );
    this.addSql(
      `create trigger "program_versions_immutable" BEFORE UPDATE on "program_versions" for each ROW execute function "program_versions_program_versions_immutable_fn"()`,
    );
    this.addSql(
      `create table "enrollments" ("id" uuid not null, "creator_id" uuid not null, "program_id" uuid not null, "program_version_id" uuid not null, "program_version" int not null, "coachee_id" uuid not null, "status" text not null, "is_test" boolean not null default false, "test_ms_per_day" int null, "step_key" text null, "due_at" timestamptz null, "awaiting_reply_since" timestamptz null, "parked_reason" text null, "outcome" text null, "run_started_at" timestamptz null, "ended_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "enrollments_creator" on "enrollments" ("creator_id", "id")`);
    this.addSql(`create index "enrollments_coachee" on "enrollments" ("coachee_id")`);
    this.addSql(
      `create unique index enrollments_one_live on enrollments (program_id, coachee_id) where ended_at is null`,
    );
    this.addSql(
      `create index enrollments_unstarted on enrollments (created_at) where run_started_at is null and status = 'active'`,
    );
    this.addSql(
      `create table "refresh_tokens" ("id" uuid not null, "creator_id" uuid not null, "user_id" uuid not null, "family_id" uuid not null, "token_hash" text not null, "expires_at" timestamptz not null, "used_at" timestamptz null, "revoked_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`alter table "refresh_tokens" add constraint "refresh_tokens_token_hash_unique" unique ("token_hash")`);
    this.addSql(`create index "refresh_tokens_family" on "refresh_tokens" ("family_id")`);
    this.addSql(
      `create table "timeline_entries" ("id" uuid not null, "creator_id" uuid not null, "enrollment_id" uuid not null, "decision_key" text not null, "kind" text not null, "step_key" text null, "occurrence" int null, "detail" jsonb not null, "at" timestamptz not null, "local_time" text not null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "timeline_entries_enrollment" on "timeline_entries" ("enrollment_id", "id")`);
    this.addSql(
      `alter table "timeline_entries" add constraint "timeline_entries_decision" unique ("enrollment_id", "decision_key")`,
    );
    this.addSql(
      `create table "users" ("id" uuid not null, "email" text not null, "name" text not null, "password_hash" text not null, "platform_role" text null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`alter table "users" add constraint "users_email_unique" unique ("email")`);
    this.addSql(
      `alter table "identities" add constraint "identities_channel_id_foreign" foreign key ("channel_id") references "channels" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "program_versions" add constraint "program_versions_program_id_foreign" foreign key ("program_id") references "programs" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "enrollments" add constraint "enrollments_program_id_foreign" foreign key ("program_id") references "programs" ("id")`,
    );
    this.addSql(
      `alter table "enrollments" add constraint "enrollments_program_version_id_foreign" foreign key ("program_version_id") references "program_versions" ("id")`,
    );
    this.addSql(
      `alter table "enrollments" add constraint "enrollments_coachee_id_foreign" foreign key ("coachee_id") references "coachees" ("id") on delete cascade`,
    );
    this.addSql(
      `alter table "timeline_entries" add constraint "timeline_entries_enrollment_id_foreign" foreign key ("enrollment_id") references "enrollments" ("id") on delete cascade`,
    );
    this.addSql(`alter table "api_keys" enable row level security`);
    this.addSql(
      `create policy "api_keys_tenant" on "api_keys" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "audit_entries" enable row level security`);
    this.addSql(
      `create policy "audit_entries_tenant" on "audit_entries" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "channels" enable row level security`);
    this.addSql(
      `create policy "channels_tenant" on "channels" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "coachees" enable row level security`);
    this.addSql(
      `create policy "coachees_tenant" on "coachees" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "creators" enable row level security`);
    this.addSql(
      `create policy "creators_tenant" on "creators" using (id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "deliveries" enable row level security`);
    this.addSql(
      `create policy "deliveries_tenant" on "deliveries" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "idempotent_requests" enable row level security`);
    this.addSql(
      `create policy "idempotent_requests_tenant" on "idempotent_requests" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "identities" enable row level security`);
    this.addSql(
      `create policy "identities_tenant" on "identities" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "inbound_messages" enable row level security`);
    this.addSql(
      `create policy "inbound_messages_tenant" on "inbound_messages" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "join_codes" enable row level security`);
    this.addSql(
      `create policy "join_codes_tenant" on "join_codes" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "members" enable row level security`);
    this.addSql(
      `create policy "members_tenant" on "members" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "messages" enable row level security`);
    this.addSql(
      `create policy "messages_tenant" on "messages" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "programs" enable row level security`);
    this.addSql(
      `create policy "programs_tenant" on "programs" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "program_versions" enable row level security`);
    this.addSql(
      `create policy "program_versions_tenant" on "program_versions" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "enrollments" enable row level security`);
    this.addSql(
      `create policy "enrollments_tenant" on "enrollments" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "refresh_tokens" enable row level security`);
    this.addSql(
      `create policy "refresh_tokens_tenant" on "refresh_tokens" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "timeline_entries" enable row level security`);
    this.addSql(
      `create policy "timeline_entries_tenant" on "timeline_entries" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
    this.addSql(`alter table "users" enable row level security`);
    this.addSql(
      `create policy "users_members" on "users" using (exists (select 1 from members m where m.user_id = users.id)) with check (true)`,
    );
  }
}
