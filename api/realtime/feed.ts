/** Brings one connection everything new in its conversation, in order and once, however the hints come. */
import type { ChatItem } from '../../shared/contracts/realtime.ts';

export interface Feed {
  /** There may be something new: looks now, or once more after the look that is under way. */
  poke(): void;
}

const PAGE = 100;

/**
 * Reads with `read(after, most)` and hands on with `send`, starting after number `after`. What `read` throws goes to `failed`; the next poke
 * tries again from the same place.
 */
export const createFeed = (
  after: number,
  read: (after: number, most: number) => Promise<ChatItem[]>,
  send: (items: ChatItem[], more: boolean) => void,
  failed: (error: unknown) => void,
): Feed => {
  let seen = after;
  let wanted = false;
  let looking = false;
  const look = async (): Promise<void> => {
    try {
      while (wanted) {
        wanted = false;
        const items = await read(seen, PAGE);
        const last = items.at(-1);
        if (!last) continue;
        seen = last.seq;
        wanted ||= items.length === PAGE;
        send(items, items.length === PAGE);
      }
    } catch (error) {
      failed(error);
    } finally {
      looking = false;
    }
  };
  return {
    poke: () => {
      wanted = true;
      if (looking) return;
      looking = true;
      void look();
    },
  };
};
