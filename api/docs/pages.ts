/** The API's own documentation: the OpenAPI document, Swagger UI, Redoc and the Postman collection, all served from here. */
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { AppParts } from '../app-parts.ts';
import { describeApi } from '../http/openapi.ts';
import { toPostman } from '../http/postman.ts';
import { type Page, page, type Route } from '../http/route.ts';
import { allowPage } from '../middleware/secure-headers.ts';

const resolve = createRequire(import.meta.url).resolve;
const swagger = dirname(resolve('swagger-ui-dist/package.json'));
const redoc = join(dirname(resolve('redoc/package.json')), 'bundles');

/** Files of the two viewers, by the path they are served at. */
const ASSETS: Record<string, { file: string; type: string }> = {
  '/docs/swagger-ui.css': { file: join(swagger, 'swagger-ui.css'), type: 'text/css' },
  '/docs/swagger-ui-bundle.js': { file: join(swagger, 'swagger-ui-bundle.js'), type: 'text/javascript' },
  '/docs/favicon.png': { file: join(swagger, 'favicon-32x32.png'), type: 'image/png' },
  '/redoc/redoc.standalone.js': { file: join(redoc, 'redoc.standalone.js'), type: 'text/javascript' },
};

const html = (title: string, head: string, content: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="/docs/favicon.png">
${head}
${content}
</html>
`;

const SWAGGER_PAGE = html(
  'Cairn API',
  '<link rel="stylesheet" href="/docs/swagger-ui.css">',
  '<div id="api"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>',
);
const SWAGGER_START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, persistAuthorization: false });\n`;

const REDOC_PAGE = html(
  'Cairn API',
  '',
  '<div id="api"></div><script src="/redoc/redoc.standalone.js"></script><script src="/redoc/start.js"></script>',
);
const REDOC_START = `Redoc.init('/openapi.json', { disableSearch: false, hideLoading: true }, document.getElementById('api'));\n`;

/** Pages of the documentation; the document is made once, at start. */
export const docsPages = ({ config }: AppParts, routes: Route[]): Page[] => {
  const openapi = describeApi(routes, config.publicUrl);
  const text = (path: string, type: string, body: string, more: Record<string, string[]> = {}) =>
    page({
      method: 'get',
      path,
      limit: 'none',
      handle: async (ctx) => {
        allowPage(ctx, more);
        ctx.type = type;
        ctx.body = body;
      },
    });
  return [
    text('/openapi.json', 'application/json', JSON.stringify(openapi)),
    text('/postman.json', 'application/json', JSON.stringify(toPostman(openapi, config.publicUrl))),
    text('/docs', 'text/html', SWAGGER_PAGE, { 'style-src': ["'self'", "'unsafe-inline'"] }),
    text('/docs/start.js', 'text/javascript', SWAGGER_START),
    text('/redoc', 'text/html', REDOC_PAGE, {
      'style-src': ["'self'", "'unsafe-inline'"],
      'worker-src': ["'self'", 'blob:'],
    }),
    text('/redoc/start.js', 'text/javascript', REDOC_START),
    ...Object.entries(ASSETS).map(([path, { file, type }]) =>
      page({
        method: 'get',
        path,
        limit: 'none',
        handle: async (ctx) => {
          ctx.type = type;
          ctx.set('Cache-Control', 'public, max-age=86400');
          ctx.body = createReadStream(file);
        },
      }),
    ),
  ];
};
