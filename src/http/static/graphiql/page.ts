import type { IncomingMessage, ServerResponse } from 'node:http';
import { answer } from '../../request/answer.ts';

/**
 * Everything from here. The editor sets styles from scripts, and its style sheet contains its fonts and pictures. Also
 * for the sign-in page, because GraphiQL starts in it.
 */
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

export function asksForPage({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && Boolean(headers.accept?.includes('text/html'));
}

export function answerGraphiqlPage(response: ServerResponse, assetsUrl: string): void {
  answerPage(response, 200, {
    title: 'GraphiQL',
    head: `<link rel="icon" href="${assetsUrl}icon.svg">
    <link rel="stylesheet" href="${assetsUrl}graphiql.css">
    <script defer src="${assetsUrl}graphiql.js"></script>
    <script type="module" src="${assetsUrl}page.js"></script>`,
    body: `<noscript>GraphiQL needs JavaScript. The API itself is at POST /graphql.</noscript>
    <div id="root"></div>`,
  });
}

/** Asks for a key or token, tries it on the page above, and becomes that page. */
export function answerSignInPage(response: ServerResponse, assetsUrl: string): void {
  answerPage(response, 401, {
    title: 'Sign in',
    head: `<link rel="icon" href="${assetsUrl}icon.svg">
    <link rel="stylesheet" href="${assetsUrl}sign-in.css">
    <script type="module" src="${assetsUrl}sign-in.js"></script>`,
    body: `<header hidden><button type="button">Sign out</button></header>
    <main>
      <h1><img src="${assetsUrl}icon.svg" alt="" width="32" height="32">AIGC task gateway</h1>
      <form>
        <label for="key">API key or token</label>
        <input id="key" type="password" autocomplete="off" autofocus aria-describedby="problem">
        <p id="problem" role="alert"></p>
        <button>Open GraphiQL</button>
      </form>
      <p>It is kept in this browser tab only. Programs send it themselves, as Authorization: Bearer &lt;key or token&gt;.</p>
      <noscript>GraphiQL needs JavaScript. The API itself is at POST /graphql.</noscript>
    </main>
    <div id="root"></div>`,
  });
}

type Page = { title: string; head: string; body: string };

function answerPage(response: ServerResponse, status: number, page: Page): void {
  answer(response, status, {
    contentType: 'text/html; charset=utf-8',
    body: renderPage(page),
    headers: {
      'Content-Security-Policy': contentSecurityPolicy,
      Vary: 'Accept, Authorization',
      ...(status === 401 && { 'WWW-Authenticate': 'Bearer' }),
    },
  });
}

function renderPage({ title, head, body }: Page): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · AIGC task gateway</title>
    ${head}
  </head>
  <body class="no-focus-outline">
    ${body}
  </body>
</html>
`;
}
