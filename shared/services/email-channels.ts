/** Email: how a creator's SendGrid account becomes a channel, and a coachee's address on it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { NewEmailChannel } from '../contracts/channels.ts';
import type { CheckEmailKey } from '../contracts/email-account.ts';
import { type ChannelId, type CoacheeId, type CreatorId, type IdentityId, newId } from '../contracts/ids.ts';
import { Channel, Identity } from '../db/entities/channels.ts';
import { forCreator, type Orm } from '../db/orm.ts';
import { conflict } from '../errors.ts';
import { getCoachee } from './coachees.ts';
import { lockAddress } from './joins.ts';
import type { Vault } from './secrets.ts';

export interface EmailChannelDeps {
  orm: Orm;
  vault: Vault;
  checkEmailKey: CheckEmailKey;
}

/**
 * Makes a SendGrid account the creator's email channel, once SendGrid says that its key may send. One that was removed becomes the same one again, so
 * that its coachees keep their addresses.
 * @throws CairnError `conflict` (there is one already), and what `checkEmailKey` throws.
 */
export const addEmailChannel = async (
  { orm, vault, checkEmailKey }: EmailChannelDeps,
  creatorId: CreatorId,
  { name, apiKey, from }: NewEmailChannel,
): Promise<Channel> => {
  await checkEmailKey(apiKey);
  const em = forCreator(orm, creatorId);
  const before = await em.findOne(Channel, { kind: 'email' });
  if (before && !before.disabledAt) throw conflict('There is an email channel already.', { channelId: before.id });
  const channel =
    before ?? em.create(Channel, { id: newId<ChannelId>(), creatorId, kind: 'email', name, settings: {} });
  em.assign(channel, {
    name,
    settings: { fromEmail: from.email, ...(from.name !== undefined && { fromName: from.name }) },
    secret: vault.seal(JSON.stringify({ apiKey })),
    disabledAt: null,
  });
  await em.flush();
  return channel;
};

/**
 * Gives a coachee their address on the email channel, in place of the one they had; an address that mail bounced from may be given again.
 * Call inside a transaction.
 * @throws CairnError `notFound`; `conflict` where there is no email channel, or the address is another coachee's.
 */
export const setEmailAddress = async (
  em: EntityManager,
  creatorId: CreatorId,
  coacheeId: CoacheeId,
  address: string,
): Promise<Identity> => {
  await getCoachee(em, coacheeId);
  const channel = await em.findOne(Channel, { kind: 'email', disabledAt: null });
  if (!channel) throw conflict('There is no email channel yet.');
  const channelId = channel.id;
  await lockAddress(em, { channelId, address });
  const taken = await em.findOne(Identity, { channelId, address });
  if (taken && taken.coacheeId !== coacheeId) throw conflict('This address is another coachee’s.');
  const identity =
    taken ??
    (await em.findOne(Identity, { channelId, coacheeId })) ??
    em.create(Identity, { id: newId<IdentityId>(), creatorId, channelId, coacheeId, address });
  Object.assign(identity, { address, blockedAt: null });
  await em.flush();
  return identity;
};
