import { Migration } from '@mikro-orm/migrations';

/** Lists name a program's language; the draft, which may have half a megabyte, need not be read for it. */
export class Migration20261123000050_program_language extends Migration {
  override up(): void {
    this.addSql(
      `alter table "programs" add column "language" text generated always as (coalesce(draft ->> 'language'::text, 'en'::text)) stored`,
    );
  }
}
