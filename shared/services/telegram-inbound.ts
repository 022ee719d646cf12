/** Takes in one update of a Telegram bot; the webhook and the long polling both end here. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CoacheeId, MessageId } from '../contracts/ids.ts';
import { type ParsedUpdate, parseTelegramUpdate, type TelegramUpdate } from '../contracts/telegram.ts';
import { Identity } from '../db/entities/channels.ts';
import { Message } from '../db/entities/conversations.ts';
import { forCreator } from '../db/orm.ts';
import { joinPhrases } from '../domain/channels/phrases.ts';
import type { InboundContent } from '../domain/conversations/inbound.ts';
import { bestEffort } from './best-effort.ts';
import type { TelegramChannel } from './channels.ts';
import { announce, receiveInbound } from './conversations.ts';
import { joinFromTelegram } from './telegram-joins.ts';
import { answerOnce, type Incoming, type TelegramInboundDeps } from './telegram-replies.ts';

/** Postgres's class 22, data exceptions: the update itself cannot be stored, today or tomorrow. */
const isDataFault = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('22');

/**
 * Stores what the update says, once, and hands it on. When it returns, the update is Telegram's to forget: everything is committed, or there was
 * nothing to keep. Throws where the database is away: the update must come again. An update that can never be stored is logged and passed over, so
 * that it does not hold up the bot.
 */
export const receiveTelegramUpdate = async (
  deps: TelegramInboundDeps,
  channel: TelegramChannel,
  update: TelegramUpdate,
): Promise<void> => {
  const parsed = parseTelegramUpdate(update);
  if (parsed.kind === 'ignored') return;
  const em = forCreator(deps.orm, channel.creatorId);
  const incoming: Incoming = { ...deps, channel, bot: deps.telegramBots(channel.token), em };
  try {
    await take(incoming, parsed);
  } catch (error) {
    if (!isDataFault(error)) throw error;
    deps.logger.error(
      { err: error, channelId: channel.id, updateId: update.update_id },
      'a Telegram update was passed over',
    );
  }
};

type Known = Exclude<ParsedUpdate, { kind: 'ignored' }>;

const take = async (incoming: Incoming, parsed: Known): Promise<void> => {
  if (parsed.kind === 'start' && parsed.code !== null)
    return joinFromTelegram(incoming, { ...parsed, code: parsed.code });
  const { channel, em } = incoming;
  const identity = await em.findOne(Identity, { channelId: channel.id, address: parsed.chatId });
  if (parsed.kind === 'membership') {
    if (identity)
      await em.nativeUpdate(Identity, { id: identity.id }, { blockedAt: parsed.blocked ? new Date() : null });
    return;
  }
  if (identity) await takeFromCoachee(incoming, parsed, identity);
  else await answerOnce(incoming, parsed, joinPhrases.stranger);
  if (parsed.kind === 'button') await settlePress(incoming, parsed);
};

const takeFromCoachee = async (
  incoming: Incoming,
  parsed: Exclude<Known, { kind: 'membership' }>,
  identity: Identity,
): Promise<void> => {
  if (parsed.kind === 'start') return answerOnce(incoming, parsed, joinPhrases.welcomeBack);
  const { channel, em, logger, redis } = incoming;
  const { coacheeId, id: identityId } = identity;
  const content = await contentOf(em, coacheeId, parsed);
  const { externalId } = parsed;
  const received = await receiveInbound(em, { channelId: channel.id, identityId, coacheeId, externalId, content });
  const ref = { creatorId: channel.creatorId, coacheeId, inboundId: received.inboundId };
  // Handed over even when it is a duplicate: the first time may have ended between the two.
  await bestEffort(
    () => incoming.handInbound(ref),
    (err) => logger.warn({ err, ...ref }, 'an inbound message waits for the reconcile to hand it over'),
  );
  await bestEffort(
    () => announce(redis, coacheeId),
    (err) => logger.warn({ err }, 'no hint to web chats'),
  );
};

const contentOf = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  parsed: Extract<Known, { kind: 'text' | 'command' | 'button' | 'other' }>,
): Promise<InboundContent> => {
  if (parsed.kind === 'other') return { kind: 'other', what: parsed.what };
  if (parsed.kind !== 'button') return { kind: 'text', text: parsed.text };
  return (await pressedButton(em, coacheeId, parsed.press)) ?? { kind: 'other', what: 'button' };
};

/** The button that was pressed, if it is one of a message to this coachee. */
const pressedButton = async (
  em: EntityManager,
  coacheeId: CoacheeId,
  press: { messageId: string; index: number } | null,
): Promise<InboundContent | null> => {
  if (!press) return null;
  const message = await em.findOne(Message, { id: press.messageId as MessageId, coacheeId, direction: 'out' });
  const button = message?.buttons[press.index];
  if (!button || !('value' in button)) return null;
  return { kind: 'button', messageId: press.messageId, value: button.value, label: button.label };
};

/** Best effort: the spinner ends with the word that was chosen, and a question that was answered loses its buttons, but for links. */
const settlePress = async ({ bot, em }: Incoming, pressed: Extract<Known, { kind: 'button' }>): Promise<void> => {
  const question = pressed.press && (await em.findOne(Message, { id: pressed.press.messageId as MessageId }));
  const chosen = question?.buttons[pressed.press?.index ?? -1];
  await bot.answerPress(pressed.callbackId, chosen ? `✓ ${chosen.label}` : '').catch(() => {});
  if (pressed.questionMessageId === null) return;
  const links = question?.buttons.filter((button) => 'url' in button) ?? [];
  await bot.keepLinks(pressed.chatId, pressed.questionMessageId, links).catch(() => {});
};
