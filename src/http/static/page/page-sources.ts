import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { ViteDevServer } from 'vite';
import { answer } from '../../request/answer.ts';
import { listen } from '../../listen.ts';
import { type Page, type PageOptions, withoutGraphiql } from './page.ts';
import { libraryFolder, sourceFolder } from './page-folder.ts';
import { sourcePolicy } from './page-policy.ts';

export type PageSources = AsyncDisposable & {
  /** In place of the built page. */
  createPage(options: PageOptions): Page;
};

export type PageSourcesOptions = {
  /** Where the sources are. */
  folder?: string;
  /** Where Vite keeps the libraries that it has bundled. Left out: where it likes to. */
  cacheFolder?: string;
  /** Of the WebSocket that tells the page of edits, which is not the API's. 0: any that is free. */
  updatePort?: number;
};

/** Vite's own choice. The same after each restart of the gateway, so that an open page finds it again. */
const defaultUpdatePort = 24_678;

/** The page from its sources: an edit of a style or of a component shows in open pages, without a reload. */
export async function openPageSources(options: PageSourcesOptions = {}): Promise<PageSources> {
  const { folder = sourceFolder, updatePort = defaultUpdatePort } = options;
  await using opening = new AsyncDisposableStack();
  const updates = createHttpServer();
  opening.defer(() => void updates.close());
  const clientPort = await listen(updates, { host: '127.0.0.1', port: updatePort });
  const [{ createServer }, { default: react }] = await Promise.all([import('vite'), import('@vitejs/plugin-react')]);
  const vite = await createServer({
    configFile: false,
    // Edited components keep their state.
    plugins: [react()],
    root: folder,
    // What Vite serves is below the path where the built page's files are.
    base: '/page/',
    publicDir: false,
    appType: 'custom',
    logLevel: 'warn',
    // Nothing inline, as in the built page.
    build: { assetsInlineLimit: 0 },
    ...(options.cacheFolder !== undefined && { cacheDir: options.cacheFolder }),
    server: {
      middlewareMode: true,
      cors: false,
      hmr: { server: updates, clientPort },
      fs: { allow: [folder, libraryFolder] },
    },
  });
  opening.defer(() => vite.close());
  const open = opening.move();
  return {
    createPage: (pageOptions) => createSourcePage(vite, clientPort, pageOptions),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function createSourcePage(vite: ViteDevServer, updatePort: number, { graphiql, resultOrigins }: PageOptions): Page {
  async function answerDocument(response: ServerResponse): Promise<void> {
    const source = await readFile(join(vite.config.root, 'index.html'), 'utf8');
    const document = graphiql ? source : withoutGraphiql(source);
    answer(response, 200, {
      contentType: 'text/html; charset=utf-8',
      body: await vite.transformIndexHtml('/index.html', document, '/page/'),
      headers: { 'Content-Security-Policy': sourcePolicy(resultOrigins(), updatePort) },
    });
  }

  return {
    async answerPage(request, response, path) {
      if (path === '/') await answerDocument(response);
      return path === '/' || (path.startsWith('/page/') && (await answerByVite(vite, request, response)));
    },
  };
}

/** Whether it had an answer. */
async function answerByVite(
  { middlewares }: ViteDevServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const { promise: passedOn, resolve, reject } = Promise.withResolvers<boolean>();
  middlewares(request, response, (error: unknown) => (error === undefined ? resolve(false) : reject(error)));
  return await Promise.race([passedOn, finished(response).then(() => true)]);
}
