/** Messages that a channel takes in another form than they were written in: nothing is lost, but it looks otherwise. */
import { TELEGRAM, WHATSAPP } from '../../channels/limits.ts';
import type { ProgramDefinition } from '../definition.ts';
import { kindOf, type Step } from '../steps/index.ts';
import type { Sent, StepFinding } from '../steps/kind.ts';
import { ownWords } from '../templates.ts';

/** What is over a limit only because a variable may be long is no finding. */
export function checkChannels(step: Step, channels: ProgramDefinition['channels'] = []): StepFinding[] {
  const sent = kindOf(step).sends?.(step);
  if (!sent) return [];
  const lost = mediaLostOn(sent, channels);
  return [
    ...(channels.includes('whatsapp') ? checkWhatsApp(sent) : []),
    ...(lost.length > 0 ? [mediaAsLinks(sent, lost.join(' and '))] : []),
  ];
}

function checkWhatsApp({ text, path, buttons }: Sent): StepFinding[] {
  const choices = buttons.filter(({ isLink }) => !isLink);
  const asButtons = choices.length <= WHATSAPP.buttonsMost;
  const most = asButtons ? WHATSAPP.buttonTitleMost : WHATSAPP.rowTitleMost;
  const tooLong: StepFinding[] = choices.flatMap(({ label, path: at }) =>
    label.length <= most ? [] : [buttonTooLong(at, most, asButtons)],
  );
  const splits = choices.length > 0 && ownWords(text).length > WHATSAPP.bodyMost;
  return splits ? [textTooLong(path), ...tooLong] : tooLong;
}

function textTooLong(path: StepFinding['path']): StepFinding {
  return {
    ...{ code: 'textTooLong', severity: 'warning', path },
    message: `WhatsApp takes ${WHATSAPP.bodyMost} characters with buttons, so this comes as several messages, each of which is paid for.`,
    remedy: 'Shorten the text, or send the first part as a message of its own where you want the cut.',
  };
}

function buttonTooLong(path: StepFinding['path'], most: number, asButtons: boolean): StepFinding {
  return {
    ...{ code: 'buttonTooLong', severity: 'warning', path },
    message: asButtons
      ? `WhatsApp's buttons bear ${most} characters, so these become a list that has to be opened first.`
      : `WhatsApp's lists show ${most} characters of a choice, and the rest in small print.`,
    remedy: `Shorten the label to ${most} characters.`,
  };
}

/** The channels that show links in place of the media: one medium goes with a short text only, several never. */
function mediaLostOn({ text, media = [] }: Sent, channels: readonly string[]): string[] {
  if (media.length === 0) return [];
  const length = ownWords(text).length;
  const takes = (captionMost: number) => media.length === 1 && length <= captionMost;
  return [
    ...(channels.includes('telegram') && !takes(TELEGRAM.captionMost) ? ['Telegram'] : []),
    ...(channels.includes('whatsapp') && !takes(WHATSAPP.captionMost) ? ['WhatsApp'] : []),
  ];
}

function mediaAsLinks({ media = [] }: Sent, where: string): StepFinding {
  return {
    ...{ code: 'mediaAsLinks', severity: 'warning', path: ['media'] },
    message:
      media.length > 1
        ? `${where} shows one medium with a message; several become links.`
        : `${where} takes ${TELEGRAM.captionMost} characters with a medium; it becomes a link.`,
    remedy: 'Send each medium in a message of its own, with a short text.',
  };
}
