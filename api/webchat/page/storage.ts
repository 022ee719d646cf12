/** What this browser keeps: sessions by place, and messages that have not arrived. Works, for the visit, where storing is forbidden. */

const memory = new Map<string, string>();

const read = <Value>(key: string, otherwise: Value): Value => {
  try {
    const text = localStorage.getItem(key) ?? memory.get(key);
    return text ? (JSON.parse(text) as Value) : otherwise;
  } catch {
    const text = memory.get(key);
    return text ? (JSON.parse(text) as Value) : otherwise;
  }
};

const write = (key: string, value: unknown): void => {
  memory.set(key, JSON.stringify(value));
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the visit goes on from memory.
  }
};

/** A coachee's session at one creator. */
export interface Session {
  place: string;
  token: string;
  /** Codes that this session has joined by: their links lead straight to the chat. */
  codes: string[];
}

const SESSIONS = 'cairn.sessions';
const LAST = 'cairn.last';

export const sessionAt = (place: string): Session | null => read<Record<string, Session>>(SESSIONS, {})[place] ?? null;

/** The session used last, for `/chat`. */
export const lastSession = (): Session | null => {
  const place = read<string | null>(LAST, null);
  return place === null ? null : sessionAt(place);
};

export const keepSession = (session: Session): void => {
  write(SESSIONS, { ...read<Record<string, Session>>(SESSIONS, {}), [session.place]: session });
  write(LAST, session.place);
};

/** Forgets a session that the server no longer knows. */
export const dropSession = (place: string): void => {
  const { [place]: _gone, ...others } = read<Record<string, Session>>(SESSIONS, {});
  write(SESSIONS, others);
};

/** The token that a join is tried with, kept until it is answered: a repeat after a lost answer is the same person. */
export const tokenFor = (place: string): string => {
  const key = `cairn.joining.${place}`;
  const drawn = read<string | null>(key, null) ?? drawToken();
  write(key, drawn);
  return drawn;
};

export const joined = (place: string): void => {
  const key = `cairn.joining.${place}`;
  memory.delete(key);
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
};

/** 256 random bits, base64url. */
const drawToken = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
};

/** A message that the server has not acknowledged. */
export interface Unsent {
  clientId: string;
  content: { kind: 'text'; text: string } | { kind: 'button'; messageId: string; value: string };
  /** What its bubble shows. */
  label: string;
  atMs: number;
  /** Not acknowledged in time: shown as not sent, and worth a tap. */
  failed: boolean;
}

const outboxKey = (place: string) => `cairn.outbox.${place}`;

export const readOutbox = (place: string): Unsent[] => read<Unsent[]>(outboxKey(place), []);
export const writeOutbox = (place: string, unsent: Unsent[]): void => write(outboxKey(place), unsent);

/** Calls `changed` when another tab has written to this place's outbox. */
export const watchOutbox = (place: string, changed: () => void): void =>
  addEventListener('storage', (event) => {
    if (event.key === outboxKey(place)) changed();
  });
