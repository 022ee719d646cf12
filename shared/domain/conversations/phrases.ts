/** What Cairn itself says to a coachee, outside any program: short, friendly, and without blame. */

export interface HelpFacts {
  /** Titles of the programs the coachee is in now. */
  programs: string[];
  paused: boolean;
  /** Whether they keep habits. */
  habits: boolean;
  /** Titles of those that they were reminded of and have not answered. */
  reminded: string[];
}

const list = (titles: string[]) => titles.map((title) => `“${title}”`).join(' and ');

export const phrases = {
  nothingAsked: ({ programs, paused, reminded }: HelpFacts): string => {
    if (reminded.length > 0)
      return `Thank you! If that was about ${list(reminded)}: press one of the buttons, or write “done”, how much it was, or “skip”.`;
    if (programs.length === 0)
      return 'Thank you for writing. You are not in a program right now, so nothing is waiting for an answer.';
    if (paused) return `${list(programs)} is paused. Send /resume whenever you want to go on.`;
    return `Thank you! Nothing is waiting for an answer right now. ${list(programs)} will write to you again when it is time. Send /help to see what you can do.`;
  },
  help: ({ programs, paused, habits }: HelpFacts): string =>
    [
      programs.length === 0
        ? 'You are not in a program right now.'
        : `You are in ${list(programs)}${paused ? ', paused' : ''}.`,
      '/pause – take a break; your place is kept',
      '/resume – go on where you left off; the dates move with you',
      '/catchup – go on with the dates as they were',
      ...(habits ? ['/habits – see your habits', '/undo – take your last check-in back'] : []),
      habits ? '/stop – leave the program and end all reminders' : '/stop – leave the program',
      '/help – show this again',
    ].join('\n'),
  paused: 'Paused. Your place is kept. Send /resume when you want to go on.',
  resumed: 'Welcome back! We go on where you left off.',
  caughtUp: 'Welcome back! The dates stay as they were, and what you have missed comes in one go.',
  stopped: 'You have left the program. Thank you for the time you gave it. You will not hear from it again.',
  notInProgram: 'You are not in a program right now, so there is nothing to change.',
  alreadyPaused: 'It is paused already. Send /resume when you want to go on.',
  notPaused: 'It is not paused: the next message comes when it is time.',
  closedQuestion:
    'That question is closed already, so your answer there no longer counts. The newest message is the one to go by.',
  ended: 'That program has ended for you, so nothing there can change any more. Thank you for having been part of it!',
  unreadable: 'I can only read words and button presses. Could you write it as a message?',
  tooLate: 'I could not pass this on just now. Please send it once more in a minute.',
} as const;

export const COMMANDS = ['help', 'start', 'pause', 'resume', 'catchup', 'stop', 'habits', 'undo'] as const;
export type Command = (typeof COMMANDS)[number];

/** The command that a text gives (`/pause`, `/pause@our_bot`), `unknown` for one that is not ours, null for plain words. */
export const commandIn = (text: string): Command | 'unknown' | null => {
  const match = /^\/([a-z]+)(?:@\w+)?(?:\s|$)/i.exec(text.trim());
  if (!match) return null;
  return COMMANDS.find((command) => command === match[1]?.toLowerCase()) ?? 'unknown';
};
