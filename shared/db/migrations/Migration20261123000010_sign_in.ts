import { Migration } from '@mikro-orm/migrations';

/**
 * One-time passwords of invited users, and two more questions of the directory: what a signed-in caller may do at this moment,
 * and the change of a password, which concerns a user whatever creators it belongs to.
 */
export class Migration20261123000010_sign_in extends Migration {
  override up(): void {
    this.addSql('alter table "users" add column "one_time_until" timestamptz null');

    this.addSql('drop function directory.user(text)');
    this.addSql(`create function directory.user(wanted text)
      returns table (user_id uuid, password_hash text, platform_role text, password_kind text)
      language sql stable security definer set search_path = public as $$
        select id, password_hash, platform_role,
          case when one_time_until is null then 'own' when one_time_until > now() then 'oneTime' else 'over' end
        from users where email = wanted
      $$`);

    this.addSql(`create function directory.standing(wanted_kind text, wanted uuid, at_creator uuid)
      returns table (role text, platform_role text)
      language sql stable security definer set search_path = public as $$
        select m.role, u.platform_role from users u
          left join members m on m.user_id = u.id and m.creator_id = at_creator
          where wanted_kind = 'user' and u.id = wanted
        union all
        select k.role, null from api_keys k
          where wanted_kind = 'apiKey' and k.id = wanted and k.creator_id = at_creator and k.revoked_at is null
      $$`);

    this.addSql(`create function directory.change_password(wanted uuid, old_hash text, new_hash text) returns boolean
      language sql volatile security definer set search_path = public as $$
        with changed as (
          update users set password_hash = new_hash, one_time_until = null
          where id = wanted and password_hash = old_hash returning id
        ), signed_out as (
          update refresh_tokens set revoked_at = now() where revoked_at is null and user_id in (select id from changed)
        )
        select exists (select from changed)
      $$`);

    for (const signature of ['user(text)', 'standing(text, uuid, uuid)', 'change_password(uuid, text, text)']) {
      this.addSql(`revoke execute on function directory.${signature} from public`);
      this.addSql(`grant execute on function directory.${signature} to cairn_app`);
    }
  }
}
