/** What a coachee sent, whatever the channel: words, or a press of a button on one of our messages. */
export type InboundContent =
  | { kind: 'text'; text: string }
  | { kind: 'button'; messageId: string; value: string; label: string };
