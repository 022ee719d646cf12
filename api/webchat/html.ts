/** The web chat's HTML: one small document; everything that comes from people is escaped. */
import { escapeHtml } from '../../shared/domain/channels/escape-html.ts';
import type { Invitation } from '../../shared/services/web-chat.ts';
import type { WebchatAssets } from './assets.ts';

const attributes = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
    .join('');

const page = (assets: WebchatAssets, title: string, body: string, script: boolean): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="theme-color" content="#f8f3ec" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#1b1816" media="(prefers-color-scheme: dark)">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets.style.path}">
${script ? `<script type="module" src="${assets.script.path}"></script>` : ''}
</head>
<body>
${body}
</body>
</html>
`;

const NEEDS_SCRIPT =
  '<noscript><main class="invitation"><p class="card">This chat needs JavaScript. Please switch it on for this page.</p></main></noscript>';

/** The page of an invitation. */
export const invitationPage = (assets: WebchatAssets, code: string, invitation: Invitation): string => {
  const { creatorName, programTitle, personName, place, isTest } = invitation;
  const data = attributes({
    ...{ code, place, creator: creatorName, program: programTitle ?? '', person: personName ?? '' },
    test: String(isTest),
  });
  return page(assets, programTitle ?? creatorName, `<div id="app"${data}>${NEEDS_SCRIPT}</div>`, true);
};

/** The page that goes on with the chat that this browser had last. */
export const chatPage = (assets: WebchatAssets): string =>
  page(assets, 'Chat', `<div id="app">${NEEDS_SCRIPT}</div>`, true);

/** A sentence instead of an invitation. */
export const sorryPage = (assets: WebchatAssets, title: string, sentence: string): string =>
  page(
    assets,
    title,
    `<div id="app"><main class="invitation"><div class="card"><h1>${escapeHtml(title)}</h1><p>${escapeHtml(sentence)}</p></div></main></div>`,
    false,
  );
