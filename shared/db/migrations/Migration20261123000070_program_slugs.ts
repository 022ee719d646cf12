import { Migration } from '@mikro-orm/migrations';

/** Programs are found by the slug of their draft, and keep transcripts that they must go on giving. */
export class Migration20261123000070_program_slugs extends Migration {
  override up(): void {
    this.addSql(
      `alter table "programs" add column "slug" text null generated always as ((draft ->> 'slug'::text)) stored`,
    );
    this.addSql(`alter table "programs" add constraint "programs_slug" unique ("creator_id", "slug")`);
    this.addSql(
      `create table "golden_traces" ("id" uuid not null, "creator_id" uuid not null, "program_id" uuid not null, "name" text not null, "persona" jsonb not null, "expected" text not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`alter table "golden_traces" add constraint "golden_traces_name" unique ("program_id", "name")`);
    this.addSql(
      `alter table "golden_traces" add constraint "golden_traces_program_id_foreign" foreign key ("program_id") references "programs" ("id") on delete cascade`,
    );
    this.addSql(`alter table "golden_traces" enable row level security`);
    this.addSql(
      `create policy "golden_traces_tenant" on "golden_traces" using (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid) with check (creator_id = nullif(current_setting('app.creator_id', true), '')::uuid)`,
    );
  }
}
