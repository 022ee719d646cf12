import { Migration } from '@mikro-orm/migrations';

/**
 * What the app's role may do, and the directory: the few questions that must be answered before a tenant is known (whose e-mail, whose
 * token, whose channel). Each is a function with the owner's rights that takes an unguessable or unique key and gives the least it can.
 */
export class Migration20261123000002_roles extends Migration {
  override up(): void {
    this.addSql(`do $$ begin
      if not exists (select from pg_roles where rolname = 'cairn_app') then create role cairn_app nologin; end if;
    end $$`);
    this.addSql('grant usage on schema public to cairn_app');
    this.addSql('grant select, insert, update, delete on all tables in schema public to cairn_app');
    this.addSql('revoke all on table mikro_orm_migrations from cairn_app');
    this.addSql(
      'alter default privileges in schema public grant select, insert, update, delete on tables to cairn_app',
    );

    this.addSql('create schema directory');
    for (const [signature, body] of DIRECTORY) {
      this.addSql(
        `create function directory.${signature} language sql stable security definer set search_path = public as $$ ${body} $$`,
      );
    }
    this.addSql(`create function directory.housekeeping() returns void language sql security definer set search_path = public as $$
      delete from idempotent_requests where created_at < now() - interval '24 hours';
      delete from inbound_messages where handled_at is not null and created_at < now() - interval '8 days';
      delete from refresh_tokens where expires_at < now() - interval '8 days';
    $$`);
    this.addSql('revoke execute on all functions in schema directory from public');
    this.addSql('grant usage on schema directory to cairn_app');
    this.addSql('grant execute on all functions in schema directory to cairn_app');
  }
}

const DIRECTORY: [signature: string, body: string][] = [
  [
    'user(wanted text) returns table (user_id uuid, password_hash text, platform_role text)',
    'select id, password_hash, platform_role from users where email = wanted',
  ],
  [
    'memberships(wanted uuid) returns table (creator_id uuid, role text)',
    'select creator_id, role from members where user_id = wanted order by created_at, creator_id',
  ],
  ['refresh_token(wanted text) returns uuid', 'select creator_id from refresh_tokens where token_hash = wanted'],
  ['api_key(wanted uuid) returns uuid', 'select creator_id from api_keys where id = wanted'],
  ['channel(wanted uuid) returns uuid', 'select creator_id from channels where id = wanted'],
  ['join_code(wanted text) returns uuid', 'select creator_id from join_codes where code = wanted'],
  [
    'web_session(wanted text) returns uuid',
    `select i.creator_id from identities i join channels c on c.id = i.channel_id
     where c.kind = 'web' and i.address = wanted limit 1`,
  ],
  [
    'channels(wanted text) returns table (creator_id uuid, channel_id uuid)',
    'select creator_id, id from channels where kind = wanted and disabled_at is null',
  ],
  [
    'unstarted_enrollments(age interval, most int) returns table (creator_id uuid, enrollment_id uuid)',
    `select creator_id, id from enrollments
     where run_started_at is null and status = 'active' and created_at < now() - age order by created_at limit most`,
  ],
  [
    'unread_inbound(age interval, most int) returns table (creator_id uuid, coachee_id uuid, inbound_id uuid)',
    `select creator_id, coachee_id, id from inbound_messages
     where handled_at is null and created_at < now() - age order by created_at limit most`,
  ],
];
