/** Findings for a person at a terminal: `FILE:line severity code step: message`, aligned, each with its remedy below. */
import { styleText } from 'node:util';
import { say } from '../progress.ts';
import type { LocatedFinding } from './source.ts';

const COLORS = { error: 'red', warning: 'yellow' } as const;

export const tellFindings = (file: string, findings: LocatedFinding[]): void => {
  const places = findings.map(({ line }) => (line === null ? file : `${file}:${line}`));
  const placeWidth = Math.max(0, ...places.map((place) => place.length));
  const codeWidth = Math.max(0, ...findings.map(({ code }) => code.length));
  for (const [i, { severity, code, stepKey, message, remedy }] of findings.entries()) {
    const place = (places[i] ?? file).padEnd(placeWidth);
    const mark = styleText(COLORS[severity], severity.padEnd('warning'.length));
    say(`${place}  ${mark}  ${code.padEnd(codeWidth)}  ${stepKey === null ? '' : `${stepKey}: `}${message}`);
    say(`${' '.repeat(placeWidth + 'warning'.length + codeWidth + 6)}${styleText('dim', remedy)}`);
  }
  say(`${file}: ${counted(findings, 'error')}, ${counted(findings, 'warning')}`);
};

const counted = (findings: LocatedFinding[], severity: keyof typeof COLORS): string => {
  const count = findings.filter((one) => one.severity === severity).length;
  return `${count === 0 ? 'no' : count} ${severity}${count === 1 ? '' : 's'}`;
};
