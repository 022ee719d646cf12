/** What each channel takes in one message. Lengths are UTF-16 units, which is never more than what the providers count. */

/** https://core.telegram.org/bots/api#sendmessage and #sendphoto: text and caption, after parsing; ours are sent unparsed. */
export const TELEGRAM = { textMost: 4096, captionMost: 1024 } as const;

/**
 * https://developers.facebook.com/docs/whatsapp/guides/interactive-messages: text alone and with buttons, and what may be chosen from:
 * a few reply buttons, or a list whose rows have a title and a description.
 */
export const WHATSAPP = {
  textMost: 4096,
  bodyMost: 1024,
  captionMost: 1024,
  buttonsMost: 3,
  buttonTitleMost: 20,
  rowsMost: 10,
  rowTitleMost: 24,
  rowDescriptionMost: 72,
} as const;

/** RFC 5322, section 2.1.1, recommends lines of 78 characters; `Subject: ` takes nine of them. */
export const EMAIL = { subjectMost: 69 } as const;
