/** What Cairn says in a chat about joining: short, friendly, and without blame. */
export const joinPhrases = {
  stranger:
    'Hello! To begin, please open the invitation link that you were given. It brings you back here and starts your program.',
  unknownCode: 'I do not know this invitation. Please open the link once more, or ask for a new one.',
  expired: 'This invitation is no longer valid. Please ask for a new one.',
  someoneElses: 'This chat already belongs to someone else’s program here, so I cannot connect it to yours.',
  full: 'This group is full, so there is no place left. Please ask the person who invited you for another one.',
  closed: 'This group takes nobody in any more. Please ask the person who invited you for another one.',
  livedAlready: 'You have been through this program already. Please ask the person who invited you what comes next.',
  notOpen: 'This program is not open yet. Please open the invitation again a little later.',
  alreadyIn: 'You are in already: this chat is the right place. The next message comes when it is time.',
  linked:
    'This chat is connected to your program now. You can go on here, and come back to the other chat whenever you like.',
  welcomeBack: 'Welcome back! This chat is the right place. Send /help to see what you can do.',
  tryAgain: 'I could not let you in just now. Please open your invitation link once more in a minute.',
} as const;
