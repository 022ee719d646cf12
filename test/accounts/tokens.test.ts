import { SignJWT } from 'jose';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ApiKeyId, type CreatorId, newId, type UserId } from '../../shared/contracts/ids.ts';
import { ACCESS_TOKEN_SECONDS, createMint, SESSION_SECONDS } from '../../shared/services/tokens.ts';

const secrets = { jwt: 'j'.repeat(40), cookie: 'c'.repeat(40) };
const mint = createMint(secrets);
const caller = {
  kind: 'apiKey' as const,
  id: newId<ApiKeyId>(),
  creatorId: newId<CreatorId>(),
  role: 'coach' as const,
  platformRole: null,
};

afterEach(() => vi.useRealTimers());

describe('an access token', () => {
  test('says whom it was made for, also when it is read again', async () => {
    const token = await mint.issueAccess(caller);
    const claims = { sub: caller.id, creatorId: caller.creatorId, role: 'coach', kind: 'apiKey' };
    expect(await mint.readAccess(token)).toMatchObject(claims);
    expect(await mint.readAccess(token)).toMatchObject(claims);
  });

  test('expires, whether or not it was read before', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const [read, unread] = [await mint.issueAccess(caller), await mint.issueAccess({ ...caller, role: 'viewer' })];
    await mint.readAccess(read);
    vi.setSystemTime(Date.now() + ACCESS_TOKEN_SECONDS * 1000 + 1000);
    expect(await mint.readAccess(read)).toBe('expired');
    expect(await mint.readAccess(unread)).toBe('expired');
  });

  test('of another secret, audience or algorithm is none', async () => {
    const foreign = createMint({ ...secrets, jwt: 'x'.repeat(40) });
    expect(await mint.readAccess(await foreign.issueAccess(caller))).toBe('invalid');
    const sameSecrets = createMint({ jwt: secrets.jwt, cookie: secrets.jwt });
    expect(await mint.readAccess(await sameSecrets.issueSession(newId<UserId>()))).toBe('invalid');
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: caller.id }))}.`;
    expect(await mint.readAccess(unsigned)).toBe('invalid');
    const bare = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secrets.jwt));
    expect(await mint.readAccess(bare)).toBe('invalid');
  });

  test('with a letter changed is none', async () => {
    const token = await mint.issueAccess(caller);
    await mint.readAccess(token);
    const at = token.indexOf('.') + 5;
    const other = token[at] === 'A' ? 'B' : 'A';
    expect(await mint.readAccess(token.slice(0, at) + other + token.slice(at + 1))).toBe('invalid');
  });
});

test('a session ends after its hours', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const user = newId<UserId>();
  const session = await mint.issueSession(user);
  expect(await mint.readSession(session)).toEqual({ sub: user });
  expect(await mint.readSession('')).toBeNull();
  vi.setSystemTime(Date.now() + SESSION_SECONDS * 1000 + 1000);
  expect(await mint.readSession(session)).toBeNull();
});
