import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { openSocket } from '../http/socket.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { createImageTask } from '../support/troubled-gateway.ts';
import { breadth } from './attacks/breadth.ts';
import { cost } from './attacks/cost.ts';
import { counts } from './attacks/counts.ts';
import { depth } from './attacks/depth.ts';
import { introspection } from './attacks/introspection.ts';
import type { Attack } from './attacks/operation.ts';
import { responseNames } from './attacks/response-names.ts';
import { size } from './attacks/size.ts';
import { subscriptions } from './attacks/subscriptions.ts';
import { values } from './attacks/values.ts';
import { overEventStream, overHttp, overWebSocket, type Send } from './transports.ts';

const streams = [overWebSocket, overEventStream];
const everyWay = [overHttp, ...streams];

let running: TestGateway;
beforeAll(async () => {
  running = await startTestGateway();
});
afterAll(() => running[Symbol.asyncDispose]());

describe.for(Object.entries({ size, depth, breadth, counts, values, cost, introspection }))(
  'over every transport alike, and in less than 4 kB, too much %s is refused:',
  ([, attacks]) => {
    test.for(attacks)('$name', (attack) => expectRefusal(attack, everyWay));
  },
);

describe('a subscription is refused before it starts:', () => {
  test.for(Object.entries(subscriptions))('%s', async ([name, attackOn]) => {
    await expectRefusal({ name, ...attackOn(await createImageTask(running, name)) }, streams);
  });
});

describe('over every transport alike, "then" is refused as the name of an answer', () => {
  test.for(responseNames)('$name', (attack) => expectRefusal(attack, everyWay));

  test('beside a mutation, of which nothing is executed', async () => {
    const createWithName = (name: string) =>
      JSON.stringify({
        query: `mutation { a: createImageTask(input: { prompt: "${name}" }) { __typename } ${name}: __typename }`,
      });
    const count = async () => {
      const { data } = await overHttp(running.url, '{"query":"{ tasks { totalCount } }"}');
      return z.object({ tasks: z.object({ totalCount: z.number() }) }).parse(data).tasks.totalCount;
    };
    const before = await count();
    for (const send of everyWay) {
      const { errors } = await send(running.url, createWithName('then'));
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
    }
    expect(await count()).toBe(before);
    expect(await overHttp(running.url, createWithName('next'))).toMatchObject({ errors: [] });
    expect(await count()).toBe(before + 1);
  });
});

test('the id of an operation on a WebSocket, which every message about it repeats, has 128 characters at most', async () => {
  const socket = await openSocket(running.url);
  socket.subscribe('x'.repeat(128), '{ __typename }');
  await socket.heard({ type: 'complete', id: 'x'.repeat(128) });
  socket.subscribe('x'.repeat(1_000_000), '{ __typename }');
  expect(await socket.closed).toBe(4400);
});

/** `ways`: in which the control is answered. */
async function expectRefusal({ refused, control, attack }: Attack, ways: Send[]): Promise<void> {
  const answers = await Promise.all(everyWay.map((send) => send(running.url, attack)));
  for (const { data, errors, bytes } of answers) {
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
    expect(errors).toEqual(answers[0]?.errors);
    const { code, limit = '' } = errors[0]?.extensions ?? {};
    expect(`${code} ${limit}`.trim()).toBe(refused);
    expect(bytes).toBeLessThan(4_096);
  }
  for (const send of ways) {
    expect(await send(running.url, control)).toMatchObject({ data: expect.anything(), errors: [] });
  }
}
