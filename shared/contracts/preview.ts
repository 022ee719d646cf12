/** What the channels will show of a step's message. */
import { z } from 'zod';
import { CHANNEL_KINDS } from '../domain/channels/deliveries.ts';
import { BUTTON_FORMS } from '../domain/channels/rendered.ts';
import { factValue, stepKey, variableName } from '../domain/journeys/steps/fields.ts';
import { messageMedia } from './messages.ts';
import { languageTag, programDefinition } from './program-definition.ts';

/** POST /v1/programs/:id/preview: of a step of the draft, or of the definition that is sent along. */
export const previewRequest = z
  .strictObject({
    stepKey,
    channel: z.enum(CHANNEL_KINDS).optional().meta({ description: 'All that the program names when not given' }),
    language: languageTag.optional().meta({ description: 'The program’s own when not given' }),
    coachee: z
      .strictObject({
        name: z.string().max(100).optional(),
        traits: z.record(variableName, factValue).optional(),
      })
      .optional()
      .meta({ description: 'Whom variables are filled in for' }),
    definition: programDefinition.optional(),
  })
  .meta({ id: 'PreviewRequest' });
export type PreviewRequest = z.output<typeof previewRequest>;

const button = z.object({
  label: z.string(),
  description: z.string().optional().meta({ description: 'The rest of a label that is too long for a list’s title' }),
  value: z.string().optional(),
  url: z.string().optional(),
  index: z.int().meta({ description: 'Its place among the message’s buttons, from 0' }),
});

const part = z
  .object({
    text: z.string(),
    buttons: z.array(button),
    form: z.enum(BUTTON_FORMS).meta({ description: 'How the buttons are shown' }),
    media: z.array(messageMedia).optional().meta({ description: 'Shown with the text; others stand in it as links' }),
    subject: z.string().optional(),
    html: z.string().optional(),
  })
  .meta({ id: 'PreviewPart' });

export const previewResponse = z
  .object({
    stepKey,
    channels: z.array(
      z.object({
        channel: z.enum(CHANNEL_KINDS),
        parts: z.array(part).meta({ description: 'In the order they are sent' }),
        reason: z.string().nullable().meta({ description: 'Why there are no parts' }),
      }),
    ),
  })
  .meta({ id: 'Preview' });
export type Preview = z.input<typeof previewResponse>;
