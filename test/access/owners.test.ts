import { readFileSync } from 'node:fs';
import { buildSchema, isInterfaceType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { until } from '../support/until.ts';
import { callAs, namedCallers, type NamedCaller } from './named-callers.ts';
import { rootFields, type Named } from './root-fields.ts';

const owners = { first: 'the-first-owner', second: 'the-second-owner' };
const unknownId = '0198c0de-0000-7000-8000-000000000000';
const prompts = { Image: 'zeppelin', Video: 'bathyscaphe', Audio: 'glockenspiel' };

const errors: string[] = [];
let gateway: TestGateway;
let first: NamedCaller;
let second: NamedCaller;
/** What the first owner has: a task of each kind, and one that failed. */
let belongings: Belonging[];

beforeAll(async () => {
  const logger = createRecordingLogger(errors);
  gateway = await startTestGateway({}, { authentication: namedCallers, logger });
  first = callAs(owners.first, gateway.url);
  second = callAs(owners.second, gateway.url);
  for (const [kind, prompt] of Object.entries(prompts)) await create(first, kind, prompt, `the first key-${kind}`);
  await create(first, 'Image', '[fail] submarine');
  await until(async () => haveAllEnded(await readBelongings(first)));
  belongings = await readBelongings(first);
});

afterAll(async () => {
  for (const caller of [first, second]) await caller[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
});

const file = z.object({ __typename: z.string(), id: z.string(), url: z.string() });
const belonging = z.object({
  __typename: z.string(),
  id: z.string(),
  prompt: z.string(),
  status: z.string(),
  upstreamTaskId: z.string().nullable(),
  files: z.array(file),
});
type Belonging = z.infer<typeof belonging>;
const answer = z.object({ data: z.object({ tasks: z.object({ nodes: z.array(belonging) }) }) });

async function create(caller: NamedCaller, kind: string, prompt: string, idempotencyKey?: string): Promise<string> {
  const input = { prompt, ...(idempotencyKey && { idempotencyKey }) };
  const mutation = `mutation ($input: Create${kind}TaskInput!) { create${kind}Task(input: $input) { __typename } }`;
  return await caller.ask(mutation, { input });
}

async function readBelongings(caller: NamedCaller): Promise<Belonging[]> {
  const text = await caller.ask(
    '{ tasks { nodes { __typename ... on AigcTask { id prompt status upstreamTaskId files { __typename id url } } } } }',
  );
  return answer.parse(JSON.parse(text.replace(/^200 /, ''))).data.tasks.nodes;
}

function haveAllEnded(tasks: Belonging[]): boolean {
  return tasks.length === 4 && tasks.every(({ status }) => status === 'DONE' || status === 'FAIL');
}

function namedOf(task: Belonging | undefined): Named {
  if (task === undefined) throw new Error('There is no such task.');
  const { id, prompt, upstreamTaskId } = task;
  const common = { prompt, idempotencyKey: 'the first key' };
  return { id, fileId: `${id}_0`, upstreamTaskId: upstreamTaskId ?? '4-AigcImage-none', ...common };
}

const ofImage = (): Named => namedOf(belongings.find(({ prompt }) => prompt === prompts.Image));
const ofFailed = (): Named => namedOf(belongings.find(({ status }) => status === 'FAIL'));

/** All by which the first owner's belongings could be known. */
function secrets(): string[] {
  const ids = belongings.flatMap(({ id, upstreamTaskId, files }) => [
    id,
    ...(upstreamTaskId === null ? [] : [upstreamTaskId]),
    ...files.flatMap((one) => [one.id, one.url]),
  ]);
  return [owners.first, ...ids];
}

function secretsIn(told: string): string[] {
  return secrets().filter((secret) => told.includes(secret));
}

test('every root field, and everything that has an id, is tried below', () => {
  const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((root) =>
    Object.keys(root?.getFields() ?? {}).map((field) => `${String(root?.name)}.${field}`),
  );
  expect(Object.keys(rootFields).toSorted()).toEqual(fields.toSorted());

  const node = schema.getType('Node');
  const withIds = isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : [];
  const tried = belongings.flatMap(({ __typename, files }) => [__typename, ...files.map((one) => one.__typename)]);
  expect([...new Set(tried)].toSorted()).toEqual(withIds.toSorted());
});

const fields = Object.entries(rootFields);
const ofAnOwner = fields.filter(([, { by }]) => by !== 'nothing');
const byIds = fields.filter(([, { by }]) => by === 'ids');

describe('a second owner', () => {
  test.each(fields)('is shown nothing of what the first one has by %s', async (_field, { attempt }) => {
    for (const named of [ofImage(), ofFailed()]) expect(secretsIn(await attempt(second, named))).toEqual([]);
    expect(await readBelongings(first)).toEqual(expect.arrayContaining(belongings));
    // It is not left to the last check.
    expect(errors).toEqual([]);
  });

  test.each(ofAnOwner)('(the control: the first one is shown it by %s)', async (_field, { attempt }) => {
    for (const named of [ofImage(), ofFailed()]) expect(secretsIn(await attempt(first, named))).not.toEqual([]);
  });

  test('hears nothing of the first one’s changes, and each hears its own', async () => {
    const watch = (caller: NamedCaller, end: string) =>
      caller.follow('subscription { taskChanges { task { ... on AigcTask { id prompt } } } }', {}, (heard) =>
        heard.includes(end),
      );
    const heard = Promise.all([watch(first, 'the end of the first'), watch(second, 'the end of the second')]);
    const isWatching = async () => (await (await fetch(`${gateway.url}/metrics`)).text()).match(/^\w*subscri\w* 2$/m);
    await until(async () => (await isWatching()) !== null);
    for (const prompt of ['one', 'two', 'the end of the first']) await create(first, 'Image', prompt);
    await create(second, 'Image', 'the end of the second');
    const [byFirst, bySecond] = await heard;
    expect(byFirst).toMatch(/"one"[^]*"two"/);
    expect(bySecond).not.toMatch(/"one"|"two"|of the first/);
  });
});

test.each(byIds)(
  '%s answers a foreign, an unknown and a malformed id with the same bytes',
  async (_field, { attempt }) => {
    const named = ofImage();
    const foreign = await attempt(second, named);
    const others = [unknownId, named.id.toUpperCase(), ` ${named.id}`, `{${named.id}}`, '', '0', "'; --", 'ä', 'a\0b'];
    for (const id of others) {
      // What can't be a TaskId by its letters is refused as such, to any owner.
      const upstreamTaskId = /^[!-~]+$/.test(id) ? id : '4-AigcImage-unknown';
      expect(await attempt(second, { ...named, id, fileId: `${id}_0`, upstreamTaskId }), id).toBe(foreign);
    }
    expect(await attempt(second, { ...named, fileId: `${named.id}_9` }), 'another file').toBe(foreign);
    expect(await attempt(first, named), 'the control').not.toBe(foreign);
  },
);
