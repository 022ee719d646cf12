/**
 * Turns of one bot, kept in Redis for all processes together. A message that must wait is given a moment of its own and comes back then: a thousand messages
 * of one bot are two calls each, however they come in.
 */
import type { Redis } from 'ioredis';

/**
 * What a bot may send a second: 28 of the about 30 that Telegram takes (https://core.telegram.org/bots/faq). While there is a line, 25 are given to it and the
 * rest to those who come newly, so that whoever writes to the bot in the middle of a herd of reminders is answered at once and not at its end.
 */
export const BOT_PER_SECOND = 28;
const LINE_PER_SECOND = 25;

/**
 * How much of a second may be sent at once after a pause: 16 messages. They reach Telegram at moments of the network's choosing, bunched with those of the next
 * half second, and shall be fewer than 30 even so.
 */
const BURST_MS = 600;

/** How long a moment is kept for somebody who does not come back, e.g. while all workers are away. */
const KEPT_MS = 10 * 60_000;

/**
 * Generic cell rate: each field of the bot's hash is the moment (ms) from which the next one is let through. `sent` is what is kept to, always; `line` is where
 * the line ends; `walkIn` the share of newcomers; `again` spreads those who came back at their moment and still found too many before them.
 */
const TAKE_TURN = `
local bot, turn = KEYS[1], KEYS[2]
local messages, perSecond, linePerSecond = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local burstMs, keptMs = tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('time')
local now = time[1] * 1000 + time[2] / 1000

local function from(field, rate)
  return math.max(tonumber(redis.call('hget', bot, field) or 0), now - burstMs + 1000 / rate)
end
local function advance(field, at, rate)
  local to = at + messages * 1000 / rate
  redis.call('hset', bot, field, to)
  redis.call('pexpire', bot, math.ceil(math.max(to - now, 0)) + keptMs)
  return to
end
local function waitUntil(at)
  redis.call('set', turn, at, 'px', math.ceil(at - now) + keptMs)
  return math.ceil(at - now)
end

local sent = from('sent', perSecond)
local free = sent <= now
local mine = tonumber(redis.call('get', turn))
if mine then
  if mine > now then return math.ceil(mine - now) end
  if not free then return waitUntil(advance('again', math.max(from('again', perSecond), now), perSecond)) end
else
  local walkIns = perSecond - linePerSecond
  local walkIn = from('walkIn', walkIns)
  local lineEnd = tonumber(redis.call('hget', bot, 'line') or 0)
  if not free or (lineEnd > now and walkIn > now) then
    return waitUntil(advance('line', math.max(lineEnd, now), linePerSecond))
  end
  if lineEnd > now then advance('walkIn', walkIn, walkIns) end
end
redis.call('del', turn)
advance('sent', sent, perSecond)
return 0
`;

/** Milliseconds that this delivery of `messages` messages must wait; 0: send now, all of them are counted. Rejects where Redis does. */
export const takeBotTurn = async (
  redis: Redis,
  { channelId, deliveryId, messages }: { channelId: string; deliveryId: string; messages: number },
): Promise<number> => {
  const keys = [`telegram:bot:${channelId}`, `telegram:turn:${channelId}:${deliveryId}`];
  const rules = [BOT_PER_SECOND, LINE_PER_SECOND, BURST_MS, KEPT_MS];
  return Number(await redis.eval(TAKE_TURN, 2, ...keys, messages, ...rules));
};
