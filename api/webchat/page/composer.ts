/** Where the coachee writes: grows with the text, sends with Enter or the button. */
import { element } from './dom.ts';

const TEXT_MOST = 4096;

/** Makes the form; `say` is given what was written, trimmed and not empty. */
export const createComposer = (say: (text: string) => void): HTMLElement => {
  const text = element('textarea', {
    id: 'text',
    rows: 1,
    maxLength: TEXT_MOST,
    placeholder: 'Write a message',
    autocomplete: 'off',
    enterKeyHint: 'send',
  });
  const grow = () => {
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight}px`;
  };
  const send = (): void => {
    const said = text.value.trim();
    if (said === '') return;
    text.value = '';
    grow();
    say(said);
    text.focus();
  };
  text.addEventListener('input', grow);
  text.addEventListener('keydown', (event) => {
    // While a word is being composed (Japanese, Chinese), Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  const form = element(
    'form',
    { className: 'composer' },
    element('label', { className: 'hidden', htmlFor: 'text', textContent: 'Your message' }),
    text,
    element('button', { type: 'submit', className: 'send', 'aria-label': 'Send' }, arrow()),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  return form;
};

const SVG = 'http://www.w3.org/2000/svg';

const arrow = (): SVGElement => {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M12 19V6m0 0-6 6m6-6 6 6');
  svg.append(path);
  return svg;
};
