import { Migration } from '@mikro-orm/migrations';

const current = "nullif(current_setting('app.creator_id', true), '')::uuid";

/** Migrations of running journeys to another version of their program. */
export class Migration20261123000100_migrations extends Migration {
  override up(): void {
    this.addSql(
      `create table "migrations" ("id" uuid not null, "creator_id" uuid not null, "program_id" uuid not null, "from_version_id" uuid not null, "to_version_id" uuid not null, "from_version" int not null, "to_version" int not null, "mapping" jsonb not null, "canary" int not null, "canary_pause_seconds" int not null, "stop_at" jsonb not null, "undo_within_hours" int not null, "status" text not null, "why" text null, "run_started_at" timestamptz null, "finished_at" timestamptz null, "undo_until" timestamptz null, "created_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "migrations_program" on "migrations" ("program_id", "id")`);
    this.addSql(`create unique index migrations_one_at_work on migrations (program_id) where finished_at is null`);
    this.addSql(`create index migrations_unstarted on migrations (created_at) where run_started_at is null`);
    for (const [column, table] of [
      ['program_id', 'programs'],
      ['from_version_id', 'program_versions'],
      ['to_version_id', 'program_versions'],
    ]) {
      this.addSql(
        `alter table "migrations" add constraint "migrations_${column}_foreign" foreign key ("${column}") references "${table}" ("id")`,
      );
    }
    this.addSql(
      `create table "migration_items" ("creator_id" uuid not null, "migration_id" uuid not null, "enrollment_id" uuid not null, "canary" boolean not null, "from_step" text null, "lands" text not null, "to_step" text null, "why" text not null, "status" text not null, "error" text null, "before" jsonb null, "turns_after" int null, "tries" int not null default 0, "settled_at" timestamptz null, "created_at" timestamptz not null default now(), primary key ("migration_id", "enrollment_id"))`,
    );
    this.addSql(
      `create index "migration_items_status" on "migration_items" ("migration_id", "status", "enrollment_id")`,
    );
    this.addSql(`create index migration_items_undoable on migration_items (migration_id) where before is not null`);
    this.addSql(
      `alter table "migration_items" add constraint "migration_items_migration_id_foreign" foreign key ("migration_id") references "migrations" ("id") on update cascade on delete cascade`,
    );
    this.addSql(
      `alter table "migration_items" add constraint "migration_items_enrollment_id_foreign" foreign key ("enrollment_id") references "enrollments" ("id") on update cascade on delete cascade`,
    );
    for (const table of ['migrations', 'migration_items']) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(
        `create policy "${table}_tenant" on "${table}" using (creator_id = ${current}) with check (creator_id = ${current})`,
      );
    }
    this.addSql(`create function directory.unstarted_migrations(age interval, most int)
      returns table (creator_id uuid, migration_id uuid)
      language sql stable security definer set search_path = public as $$
        select creator_id, id from migrations
        where run_started_at is null and finished_at is null and created_at < now() - age order by created_at limit most
      $$`);
    this.addSql(`create function directory.forget_moved_states() returns void
      language sql security definer set search_path = public as $$
        update migration_items i set before = null from migrations m
        where i.before is not null and m.id = i.migration_id and m.undo_until < now()
      $$`);
    for (const signature of ['unstarted_migrations(interval, int)', 'forget_moved_states()']) {
      this.addSql(`revoke execute on function directory.${signature} from public`);
      this.addSql(`grant execute on function directory.${signature} to cairn_app`);
    }
  }
}
