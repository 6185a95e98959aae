import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import graphiqlPackage from '@graphql-yoga/render-graphiql/package.json' with { type: 'json' };
import { answerAsset, type Asset } from '../assets.ts';

type Source = { contentType: string; load(): Promise<string> };

export type GraphiqlAssets = {
  /** Changes with the content, so that browsers may cache it for ever. */
  baseUrl: string;
  answerAsset(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean>;
};

const compress = promisify(gzip);
const styleType = 'text/css; charset=utf-8';
const scriptType = 'text/javascript; charset=utf-8';

/**
 * The packaged GraphiQL, without a CDN. Also for callers without a key: the files are those of a public package, and
 * contain nothing of the schema. Its nine megabytes are read and compressed once, at the first request.
 */
export function createGraphiqlAssets(): GraphiqlAssets {
  const sources = new Map([...packagedAssets(), ...ownAssets()]);
  const baseUrl = `/graphiql/${version()}/`;
  const prepared = new Map<string, Promise<Asset>>();
  return {
    baseUrl,
    async answerAsset(request, response, path) {
      const source = path.startsWith(baseUrl) ? sources.get(path.slice(baseUrl.length)) : undefined;
      if (!source) return false;
      const asset = prepared.get(path) ?? prepare(source);
      prepared.set(path, asset);
      answerAsset(request, response, await asset);
      return true;
    },
  };
}

async function prepare({ contentType, load }: Source): Promise<Asset> {
  const body = await load();
  return { contentType, body, encoded: [{ encoding: 'gzip', body: await compress(body) }] };
}

function packagedAssets(): [string, Source][] {
  const graphiql = () => import('@graphql-yoga/render-graphiql/graphiql');
  return [
    ['graphiql.js', { contentType: scriptType, load: async () => (await graphiql()).js }],
    ['graphiql.css', { contentType: styleType, load: async () => (await graphiql()).css }],
    ['editor.worker.js', { contentType: scriptType, load: async () => (await graphiql()).editorWorkerService }],
    ['json.worker.js', { contentType: scriptType, load: async () => (await graphiql()).jsonWorker }],
    ['graphql.worker.js', { contentType: scriptType, load: async () => (await graphiql()).graphqlWorker }],
  ];
}

const ownFiles = {
  'start.js': scriptType,
  'page.js': scriptType,
  'sign-in.js': scriptType,
  'sign-in.css': styleType,
  'first-tab.graphql': 'application/graphql; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

function ownAssets(): [string, Source][] {
  return Object.entries(ownFiles).map(([name, contentType]) => {
    const content = readOwn(name);
    return [name, { contentType, load: () => Promise.resolve(content) }];
  });
}

function version(): string {
  const hash = createHash('sha256').update(graphiqlPackage.version);
  for (const name of Object.keys(ownFiles)) hash.update(readOwn(name));
  return hash.digest('hex').slice(0, 16);
}

function readOwn(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}
