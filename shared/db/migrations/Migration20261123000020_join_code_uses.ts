import { Migration } from '@mikro-orm/migrations';

const current = "nullif(current_setting('app.creator_id', true), '')::uuid";

/** Which channels a personal join code has opened. */
export class Migration20261123000020_join_code_uses extends Migration {
  override up(): void {
    this.addSql(
      `create table "join_code_uses" ("code" text not null, "channel_id" uuid not null, "creator_id" uuid not null, "identity_id" uuid not null, "created_at" timestamptz not null default now(), primary key ("code", "channel_id"))`,
    );
    this.addSql(`alter table "join_code_uses" enable row level security`);
    this.addSql(
      `create policy "join_code_uses_tenant" on "join_code_uses" using (creator_id = ${current}) with check (creator_id = ${current})`,
    );
  }
}
