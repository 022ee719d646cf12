/** What SendGrid's `POST /v3/mail/send` demands of a body, and how it says so (https://www.twilio.com/docs/sendgrid/api-reference/mail-send). */
import { z } from 'zod';

const emailObject = z.strictObject({
  email: z.email('Does not contain a valid address.'),
  name: z.string().optional(),
});
const CUSTOM_ARGS_MOST_BYTES = 10_000;
/** `text/plain` needs to come first, then `text/html`, then others. */
const RANK: Record<string, number> = { 'text/plain': 0, 'text/html': 1 };

const content = z
  .array(
    z.strictObject({
      type: z.string().min(1),
      value: z.string().min(1, 'The content value must be a string at least one character in length.'),
    }),
  )
  .min(1, 'Unless a valid template_id is provided, the content parameter is required.')
  .refine(
    (parts) => parts.every(({ type }, at) => at === 0 || (RANK[parts[at - 1]?.type ?? ''] ?? 2) <= (RANK[type] ?? 2)),
    'If present, text/plain and text/html may only be provided once, and in this order.',
  );

const customArgs = z
  .record(z.string(), z.string('The custom_args values must be strings.'))
  .refine(
    (args) => Buffer.byteLength(JSON.stringify(args)) < CUSTOM_ARGS_MOST_BYTES,
    'custom_args may not exceed 10000 bytes.',
  );

const subject = z
  .string()
  .min(1, 'The subject is required. You can get around this requirement if you use a template with a subject defined.');

/** Strict where the real one is lenient: a field that Cairn does not use on purpose is a mistake. */
export const mailBody = z.strictObject({
  personalizations: z
    .array(
      z.strictObject({
        to: z.array(emailObject).min(1),
        custom_args: customArgs.optional(),
        subject: subject.optional(),
      }),
    )
    .min(1, 'The personalizations field is required and must have at least one personalization.')
    .max(1000),
  from: emailObject,
  subject,
  content,
  custom_args: customArgs.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  categories: z.array(z.string().max(255)).max(10).optional(),
});
export type MailBody = z.output<typeof mailBody>;

/** The API's own form of an error. */
export const errorsOf = (issues: { path: PropertyKey[]; message: string }[]) => ({
  errors: issues.map(({ path, message }) => ({ message, field: path.join('.'), help: null })),
});
