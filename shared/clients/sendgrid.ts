/** Email by SendGrid: the channel port. Facts in channel-rules and https://www.twilio.com/docs/sendgrid/api-reference/mail-send. */
import { renderFor } from '../domain/channels/render.ts';
import { type ChannelPort, SendRefused, type SendRequest } from './channels.ts';
import { type SendGridApi, SendGridCallFailed } from './sendgrid-api.ts';

/**
 * One email to one address. The delivery's id comes back in SendGrid's events; beside it nothing is told of the person. There are no List-Unsubscribe
 * headers: they promise an address that unsubscribes by one click (RFC 8058), which Cairn does not have yet.
 */
const mailOf = ({ message, address, settings, deliveryId }: SendRequest) => {
  const [part] = renderFor('email', message);
  const { fromEmail = '', fromName } = settings;
  return {
    to: address,
    from: { email: fromEmail, ...(fromName !== undefined && { name: fromName }) },
    subject: part?.subject ?? '',
    // Plain text first, as SendGrid asks.
    content: [
      { type: 'text/plain', value: part?.text ?? '' },
      { type: 'text/html', value: part?.html ?? '' },
    ] as [{ type: string; value: string }, { type: string; value: string }],
    customArgs: { delivery_id: deliveryId },
  };
};

/** What a failed call means to the ledger; the split between `unknown` and the rest decides whether a message may be sent again. */
const asRefusal = ({ status, message, afterMs, notReached }: SendGridCallFailed): SendRefused => {
  if (notReached) return new SendRefused('notReached', message);
  if (status === null || status >= 500) return new SendRefused('unknown', message);
  if (status === 429) return new SendRefused('later', message, afterMs ?? 0);
  return new SendRefused('invalid', message);
};

/** The port. 202 means taken, not delivered. */
export const createSendGridPort = (api: SendGridApi): ChannelPort => ({
  kind: 'email',
  send: async (request) => {
    const { message, secret } = request;
    if (message.text.trim() === '') throw new SendRefused('invalid', 'An email needs some text.');
    if (!secret.apiKey) throw new SendRefused('invalid', 'The channel has no API key.');
    try {
      const providerMessageId = await api.send(secret.apiKey, mailOf(request));
      if (providerMessageId === null) throw new SendRefused('unknown', 'SendGrid answered without a message id.');
      return { providerMessageId };
    } catch (error) {
      if (error instanceof SendGridCallFailed) throw asRefusal(error);
      throw error;
    }
  },
});
