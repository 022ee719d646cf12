import { Migration } from '@mikro-orm/migrations';

/** What a retry after a crash finds out: what the journey decided last, and which journey took an inbound message. */
export class Migration20261123000040_crash_safety extends Migration {
  override up(): void {
    this.addSql('alter table "enrollments" add column "last_decision" jsonb null');
    this.addSql('alter table "inbound_messages" add column "taken_by" uuid null');
  }
}
