import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from '../answer.ts';

/** Everything from here. The editor sets styles from scripts, and its style sheet carries its fonts and pictures along. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A browser that opens the endpoint's address gets a page; nothing else that asks by GET does. */
export function asksForPage({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && Boolean(headers.accept?.includes('text/html'));
}

export function answerGraphiqlPage(response: ServerResponse, assetsUrl: string): void {
  answer(response, 200, {
    contentType: 'text/html; charset=utf-8',
    body: renderPage(assetsUrl),
    headers: { 'Content-Security-Policy': contentSecurityPolicy, Vary: 'Accept' },
  });
}

function renderPage(assetsUrl: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>GraphiQL · AIGC task gateway</title>
    <link rel="icon" href="${assetsUrl}icon.svg">
    <link rel="stylesheet" href="${assetsUrl}graphiql.css">
    <script defer src="${assetsUrl}graphiql.js"></script>
    <script type="module" src="${assetsUrl}start.js"></script>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript. The API itself is at POST /graphql.</noscript>
    <div id="root"></div>
  </body>
</html>
`;
}
