import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentNode, Kind, parse, print } from 'graphql';
import * as pageDocuments from '../../src/page/generated/graphql.ts';
import * as testDocuments from '../generated/graphql.ts';
import { everything } from '../schema/everything.ts';

/** Every query that this repository has: those of the page and of tests, of the documentation, and GraphiQL's first one. */
export async function readQueries(): Promise<string[]> {
  const generated = [...Object.values(pageDocuments), ...Object.values(testDocuments)].flatMap((exported) =>
    typeof exported === 'object' && 'kind' in exported ? print(exported) : [],
  );
  const pages = [
    'README.md',
    ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => join('docs', name)),
  ];
  const texts = await Promise.all(pages.map((page) => readFile(page, 'utf8')));
  const blocks = texts.flatMap((text) => [...text.matchAll(/^```graphql\n(.*?)^```$/gms)].map(([, code = '']) => code));
  const firstTab = await readFile('src/http/static/graphiql/first-tab.graphql', 'utf8');
  return [...generated, ...blocks, firstTab, everything].filter((source) => queriesOf(parse(source)).length > 0);
}

export function queriesOf({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === 'query'
      ? (definition.name?.value ?? '')
      : [],
  );
}
