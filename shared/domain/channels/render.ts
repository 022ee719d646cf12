/** What a channel will show of a message: the preview and the senders both ask here, so that what was previewed is what arrives. */
import type { OutgoingMessage } from '../journeys/messages.ts';
import type { ChannelKind } from './deliveries.ts';
import { renderEmail } from './render-email.ts';
import { renderTelegram } from './render-telegram.ts';
import { renderWhatsApp } from './render-whatsapp.ts';
import { placed, type RenderedPart } from './rendered.ts';

const renderers: Record<ChannelKind, (message: OutgoingMessage) => RenderedPart[]> = {
  web: ({ text, buttons, media }) => [
    {
      text,
      buttons: placed(buttons),
      form: buttons.length > 0 ? 'buttons' : 'none',
      ...(media && media.length > 0 && { media }),
    },
  ],
  telegram: renderTelegram,
  whatsapp: renderWhatsApp,
  email: renderEmail,
};

/** The message's parts in the order they are sent, each within the channel's limits; nothing of it is lost. At least one. */
export const renderFor = (kind: ChannelKind, message: OutgoingMessage): RenderedPart[] => renderers[kind](message);
