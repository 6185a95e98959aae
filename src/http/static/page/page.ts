import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../../kit/logger.ts';
import { answer } from '../../request/answer.ts';
import { answerAsset } from '../assets.ts';
import { unavailable } from '../../request/refused-request.ts';
import { loadPageFiles, type PageFile, type PageFiles } from './page-files.ts';
import { pageFolder, stateOfBuild } from './page-folder.ts';
import { pagePolicy } from './page-policy.ts';

export type Page = {
  /** Whether the path is the page's. Throws a RefusedRequest 503 if there is no page to answer with. */
  answerPage(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>;
};

export type PageOptions = {
  /** Whether the page links to GraphiQL. */
  graphiql: boolean;
  /** Origins without TLS whose pictures and recordings the page may show. Known once the server listens. */
  resultOrigins(): readonly string[];
  logger: Logger;
};

/** The page with the tasks, also for callers without a key: it asks for one itself. Read at the first request. */
export function createPage({ graphiql, resultOrigins, logger }: PageOptions): Page {
  let loading: Promise<PageFiles> | null = null;

  async function load(): Promise<PageFiles> {
    try {
      return await (loading ??= loadBuild(logger));
    } catch (error) {
      loading = null;
      logger.error({ err: error }, 'the page could not be read');
      throw unavailable('The page is not built: npm run build does that. The API is at /graphql.', 60);
    }
  }

  return {
    async answerPage(request, response, path) {
      if (path !== '/' && !path.startsWith('/page/')) return false;
      const files = await load();
      const file = files.get(path === '/' ? '/index.html' : path);
      if (!file) return false;
      if (path === '/') {
        const { contentType, body } = file;
        const document = graphiql ? body : Buffer.from(withoutGraphiql(body.toString()));
        answerDocument(request, response, { contentType, body: document }, pagePolicy(resultOrigins()));
      } else {
        // Its name has a hash of its content in it.
        answerAsset(request, response, file);
      }
      return true;
    },
  };
}

async function loadBuild(logger: Logger): Promise<PageFiles> {
  if ((await stateOfBuild()) === 'outdated') {
    logger.warn('The page was built from other sources than there are now: npm run build makes it anew.');
  }
  return await loadPageFiles(pageFolder);
}

/** The page is built before it is known how it is served. */
export function withoutGraphiql(document: string): string {
  return document.replace('<meta name="graphiql" content="on"', '<meta name="graphiql" content="off"');
}

/** Asked for each time, so that a new version is seen at once; sent again only when it is one. */
function answerDocument(
  request: IncomingMessage,
  response: ServerResponse,
  { contentType, body }: Pick<PageFile, 'contentType' | 'body'>,
  policy: string,
): void {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { 'Cache-Control': 'no-cache', ETag: tag, 'Content-Security-Policy': policy };
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  answer(response, 200, { contentType, body, headers });
}
