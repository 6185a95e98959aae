import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildSchema, isEnumType, parse, validate } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { errorCodes } from '../schema/errors.ts';
import { environmentSchema } from '../src/config/config.ts';
import { socketUrl, startTestGateway } from './support/gateway.ts';

const readme = await readFile('README.md', 'utf8');
const pages = await readPages();
const all = [readme, ...pages.values()].join('\n');
const schema = buildSchema(await readFile('schema/schema.graphql', 'utf8'));

describe('the documents show, word for word,', () => {
  test.each(['graphql-ws.ts', 'apollo-client.ts'])('the example %s', async (name) => {
    expect(codeBlocks('ts', page('clients'))).toContain(await readFile(`docs/examples/${name}`, 'utf8'));
  });

  test('a configuration table of every variable, with its default', () => {
    const rows = firstTable(page('configuration'));
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(Object.keys(environmentSchema.shape)));
    const defaults = Object.entries(environmentSchema.parse({})).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    );
    expect(Object.fromEntries(rows)).toMatchObject(Object.fromEntries(defaults));
  });

  test('what every failure code means', () => {
    const type = schema.getType('TaskFailureCode');
    const codes = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
    expect(firstTable(page('errors')).map(([code]) => code)).toEqual(codes);
  });

  test.each(errorCodes)('the error code %s', (code) => {
    expect(page('errors')).toContain(`\`${code}\``);
  });
});

test('every operation in the documents is valid', () => {
  const operations = codeBlocks('graphql', all);
  expect(operations.length).toBeGreaterThanOrEqual(4);
  for (const operation of operations) expect(validate(schema, parse(operation))).toEqual([]);
});

test('the command for curl in the README sends a valid operation', () => {
  const [, body = ''] = /-d '([^']+)'/.exec(readme) ?? [];
  const { query, variables }: { query: string; variables: unknown } = JSON.parse(body);
  expect(validate(schema, parse(query))).toEqual([]);
  expect(variables).toMatchObject({ input: { idempotencyKey: expect.any(String) } });
});

test('the first steps of the README work when they are pasted', async () => {
  await using running = await startTestGateway();
  const { createImageTask } = await paste(running.url, operationNamed('FirstImage'));
  expect(createImageTask).toMatchObject({ __typename: 'CreateImageTaskPayload', task: { failure: null } });

  const look = operationNamed('FirstLook').replace(/id: "[^"]*"/, `id: "${createImageTask.task.id}"`);
  const client = createClient({ url: socketUrl(running.url), webSocketImpl: WebSocket, retryAttempts: 0 });
  const seen = [];
  for await (const result of client.iterate({ query: look })) seen.push(result);
  await client.dispose();
  expect(seen.at(-1)).toMatchObject({ data: { taskStatus: { status: 'DONE', files: [{ url: expect.any(String) }] } } });

  const { tasks } = await paste(running.url, operationNamed('FirstList'));
  expect(tasks.nodes).toMatchObject([{ id: createImageTask.task.id, status: 'DONE', prompt: 'a lighthouse at dawn' }]);
});

test('every link between the documents leads to a file, and to a heading in it', async () => {
  for (const [from, text] of [['README.md', readme] as const, ...pages]) {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]*)\)/g)) {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? from : join(dirname(from), path);
      const found = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error.code);
      expect(found === 'EISDIR' || found !== 'ENOENT', `${from}: ${target}`).toBe(true);
      if (anchor !== undefined) expect(headingsOf(found ?? ''), `${from}: ${target}`).toContain(anchor);
    }
  }
});

function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** By their paths. */
async function readPages(): Promise<Map<string, string>> {
  const names = ['CONTRIBUTING.md', ...(await readdir('docs')).map((name) => `docs/${name}`)];
  const markdown = names.filter((name) => name.endsWith('.md'));
  return new Map(await Promise.all(markdown.map(async (name) => [name, await readFile(name, 'utf8')] as const)));
}

function page(name: string): string {
  return pages.get(`docs/${name}.md`) ?? '';
}

function codeBlocks(language: string, text = readme): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, found, code = '']) =>
    found === language ? [code] : [],
  );
}

function operationNamed(name: string): string {
  return codeBlocks('graphql').find((operation) => operation.includes(` ${name} `)) ?? '';
}

/** The cells of the first table, without its head and without backticks. */
function firstTable(text: string): string[][] {
  const [table = ''] = /^\|.*?(?=\n\n|\n$)/ms.exec(text) ?? [];
  const rows = table.split('\n').slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

type FirstSteps = { createImageTask: { task: { id: string } }; tasks: { nodes: unknown[] } };

/** What GraphiQL does with what is pasted into it. */
async function paste(url: string, query: string): Promise<FirstSteps> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data }: { data: FirstSteps } = JSON.parse(await response.text());
  return data;
}
