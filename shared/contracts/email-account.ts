/**
 * Asks the provider whether an API key may send email; shared/clients/sendgrid-api.ts does. Throws CairnError: `invalid` (the key is unknown or may
 * not send), `tooManyRequests`, `unavailable` (no answer).
 */
export type CheckEmailKey = (apiKey: string) => Promise<void>;
