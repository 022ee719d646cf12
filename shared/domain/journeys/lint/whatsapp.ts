/**
 * WhatsApp's customer-service window: for 24 hours after the coachee's last message anything may be sent, later only an approved template.
 * A step that may be reached later and has none is an error: the message would be refused. It is one for kinds that can have no
 * template too (lessons, texts of the model's, offers): behind an answered question they are always within the window, so a
 * question with a template before them makes each of them usable.
 */
import type { ProgramDefinition } from '../definition.ts';
import { kindOf } from '../steps/index.ts';
import type { Sent } from '../steps/kind.ts';
import { type Finding, pathInStep } from './findings.ts';
import type { Graph } from './graph.ts';
import { longestSilence, type Silence } from './longest-silence.ts';

const WINDOW_SECONDS = 86_400;

/** Who is enrolled by an event, a tag or another program's end need not have written; anybody else joins by writing. */
export function checkWhatsAppWindow({ channels, enrollment }: ProgramDefinition, graph: Graph): Finding[] {
  if (!channels?.includes('whatsapp')) return [];
  const silence = longestSilence(graph, enrollment?.on ? WINDOW_SECONDS : 0, WINDOW_SECONDS);
  return graph.steps.flatMap((step, i): Finding[] => {
    const sent = kindOf(step).sends?.(step);
    if (!sent || sent.template === 'given' || (silence.seconds[i] ?? 0) < WINDOW_SECONDS) return [];
    return [
      {
        ...{ code: 'whatsappWindow', severity: 'error', stepKey: step.key, path: pathInStep(i, sent.path) },
        message: `On the way ${wayTo(i, silence, graph)} the coachee may not have written for 24 hours, and WhatsApp takes nothing but approved templates then.`,
        remedy: REMEDIES[sent.template],
      },
    ];
  });
}

const REMEDIES: Record<Exclude<Sent['template'], 'given'>, string> = {
  missing: 'Name an approved template in whatsappTemplate, or let the coachee answer a question shortly before.',
  impossible:
    'Put a question with a whatsappTemplate before it and come here from its answer: this kind of step has no template of its own.',
};

const WAY_SHOWN = 5;

/** The last steps on the way of the longest silence. */
function wayTo(position: number, { before }: Silence, { steps }: Graph): string {
  const way: number[] = [];
  for (let at: number | null = position; at !== null && !way.includes(at); at = before[at] ?? null) way.unshift(at);
  const keys = way.map((at) => steps[at]?.key ?? '');
  return (keys.length > WAY_SHOWN ? ['...', ...keys.slice(-WAY_SHOWN)] : keys).join(' -> ');
}
