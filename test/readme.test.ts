import { readFile } from 'node:fs/promises';
import { buildSchema, isEnumType, parse, validate } from 'graphql';
import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { errorCodes } from '../schema/errors.ts';
import { environmentSchema } from '../src/config/config.ts';
import { socketUrl, startTestGateway } from './support/gateway.ts';

const readme = await readFile('README.md', 'utf8');
const schema = buildSchema(await readFile('schema/schema.graphql', 'utf8'));

describe('the README shows, word for word,', () => {
  test.each(['graphql-ws.ts', 'apollo-client.ts'])('the example %s', async (name) => {
    expect(codeBlocks('ts')).toContain(await readFile(`docs/examples/${name}`, 'utf8'));
  });

  test('a configuration table of every variable, with its default', () => {
    const rows = tableAfter('## Configuration');
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(Object.keys(environmentSchema.shape)));
    const defaults = Object.entries(environmentSchema.parse({})).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    );
    expect(Object.fromEntries(rows)).toMatchObject(Object.fromEntries(defaults));
  });

  test('what every failure code means', () => {
    const type = schema.getType('TaskFailureCode');
    const codes = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
    expect(tableAfter('## When something goes wrong').map(([code]) => code)).toEqual(codes);
  });

  test.each(errorCodes)('the error code %s', (code) => {
    expect(readme).toContain(`\`${code}\``);
  });
});

test('every operation in the README is valid', () => {
  const operations = codeBlocks('graphql');
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

function codeBlocks(language: string): string[] {
  return [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, found, code = '']) =>
    found === language ? [code] : [],
  );
}

function operationNamed(name: string): string {
  return codeBlocks('graphql').find((operation) => operation.includes(` ${name} `)) ?? '';
}

/** The cells of the first table after a heading, without its head and without backticks. */
function tableAfter(heading: string): string[][] {
  const [table = ''] = /^\|.*?(?=\n\n)/ms.exec(readme.slice(readme.indexOf(`\n${heading}\n`))) ?? [];
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
