/** Creators (the tenants), the users that belong to them, and what they sign in with. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ApiKeyId, CreatorId, UserId } from '../../contracts/ids.ts';
import type { Role } from '../../domain/accounts/roles.ts';
import type { ReminderSettings } from '../../domain/reminders/fires.ts';
import { createdAt, creatorColumn, tenantPolicy } from './tenancy.ts';

export const Creator = defineEntity({
  name: 'Creator',
  tableName: 'creators',
  properties: {
    id: p.uuid().$type<CreatorId>().primary(),
    name: p.text(),
    /** How its reminders are spread and joined; null: the default. */
    reminderSettings: p.json().$type<ReminderSettings>().fieldName('reminder_settings').nullable(),
    createdAt: createdAt(),
  },
  policies: tenantPolicy('creators', 'id'),
});
export type Creator = InferEntity<typeof Creator>;

/** A person who signs in. Visible only to the creators it belongs to; sign-in finds it through a directory function. */
export const User = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().$type<UserId>().primary(),
    /** Lower-cased. */
    email: p.text().unique(),
    name: p.text(),
    /** argon2id, PHC string. */
    passwordHash: p.text().lazy(),
    /** Set while the password is the one an invitation gave: it opens nothing but the choice of an own one, until then. */
    oneTimeUntil: p.datetime().fieldName('one_time_until').nullable(),
    /** `ops` for a platform engineer, null for everyone else. */
    platformRole: p.text().$type<'ops'>().nullable(),
    createdAt: createdAt(),
  },
  policies: [
    {
      name: 'users_members',
      using: 'exists (select 1 from members m where m.user_id = users.id)',
      check: 'true',
    },
  ],
});
export type User = InferEntity<typeof User>;

export const Member = defineEntity({
  name: 'Member',
  tableName: 'members',
  properties: {
    creatorId: creatorColumn().primary(),
    userId: p.uuid().$type<UserId>().fieldName('user_id').primary(),
    role: p.text().$type<Role>(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'members_user', properties: ['userId'] }],
  policies: tenantPolicy('members'),
});
export type Member = InferEntity<typeof Member>;

/** One link of a rotation chain: a token used twice revokes its whole family (RFC 9700, section 4.14). */
export const RefreshToken = defineEntity({
  name: 'RefreshToken',
  tableName: 'refresh_tokens',
  properties: {
    id: p.uuid().primary(),
    creatorId: creatorColumn(),
    userId: p.uuid().$type<UserId>().fieldName('user_id'),
    familyId: p.uuid().fieldName('family_id'),
    /** SHA-256 of the token, hex. */
    tokenHash: p.text().fieldName('token_hash').unique(),
    expiresAt: p.datetime().fieldName('expires_at'),
    usedAt: p.datetime().fieldName('used_at').nullable(),
    revokedAt: p.datetime().fieldName('revoked_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'refresh_tokens_family', properties: ['familyId'] }],
  policies: tenantPolicy('refresh_tokens'),
});
export type RefreshToken = InferEntity<typeof RefreshToken>;

/** OAuth2 client credentials: the id is the client id, the secret is shown once and kept as a hash. */
export const ApiKey = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    id: p.uuid().$type<ApiKeyId>().primary(),
    creatorId: creatorColumn(),
    name: p.text(),
    role: p.text().$type<Role>(),
    /** SHA-256 of the secret, hex; the secret has 256 bits of entropy, so a slow hash adds nothing. */
    secretHash: p.text().fieldName('secret_hash').lazy(),
    /** The secret's last four characters, to tell keys apart. */
    hint: p.text(),
    lastUsedAt: p.datetime().fieldName('last_used_at').nullable(),
    revokedAt: p.datetime().fieldName('revoked_at').nullable(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'api_keys_creator', properties: ['creatorId', 'id'] }],
  policies: tenantPolicy('api_keys'),
});
export type ApiKey = InferEntity<typeof ApiKey>;

/** The answer to a POST that carried an Idempotency-Key, kept so that a repeat gets the same one. */
export const IdempotentRequest = defineEntity({
  name: 'IdempotentRequest',
  tableName: 'idempotent_requests',
  properties: {
    creatorId: creatorColumn().primary(),
    /** Who asked (user, key or address) and the Idempotency-Key header, hashed together. */
    key: p.text().primary(),
    /** SHA-256 over method, path and body: the same key with another request is an error. */
    fingerprint: p.text(),
    /** Null while the first request is still under way. */
    status: p.integer().nullable(),
    /** Encrypted: an answer may hold a secret that is shown once. */
    response: p.text().nullable(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'idempotent_requests_age', properties: ['createdAt'] }],
  policies: tenantPolicy('idempotent_requests'),
});
export type IdempotentRequest = InferEntity<typeof IdempotentRequest>;

/** Who looked at or changed what, where that must be answerable later (codec server reads, key creation, ...). */
export const AuditEntry = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    id: p.uuid().primary(),
    creatorId: creatorColumn(),
    actor: p.text(),
    action: p.text(),
    subject: p.text(),
    detail: p.json().$type<Record<string, unknown>>(),
    createdAt: createdAt(),
  },
  indexes: [{ name: 'audit_entries_creator', properties: ['creatorId', 'id'] }],
  policies: tenantPolicy('audit_entries'),
});
export type AuditEntry = InferEntity<typeof AuditEntry>;
