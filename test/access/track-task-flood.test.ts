import { expect, test } from 'vitest';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { startTestGateway, wideLimits } from '../support/gateway.ts';
import { namedCallers } from './named-callers.ts';

test('of trackTask, twenty of an owner wait, more are refused, and what waits when the gateway stops fails in good order', async () => {
  const logged: string[] = [];
  // One call in 100 s: none is made while this test runs.
  const upstreamLimits = { ...wideLimits, DescribeAigcImageTask: 0.01 };
  const overrides = { authentication: namedCallers, logger: createRecordingLogger(logged) };
  const gateway = await startTestGateway({ upstreamLimits }, overrides);
  const leaving = new AbortController();
  const refused: string[] = [];

  async function track(owner: string, id: number): Promise<void> {
    const query = `mutation { trackTask(input: { upstreamTaskId: "4-AigcImage-${id}" }) { __typename } }`;
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner}` },
      body: JSON.stringify({ query }),
      signal: leaving.signal,
    });
    if ((await response.text()).includes('"RATE_LIMITED"')) refused.push(owner);
  }

  const flood = Array.from({ length: 25 }, (_none, id) => track('mallory', id).catch(() => {}));
  await expect.poll(() => refused).toHaveLength(5);
  // The control: another owner has twenty of its own.
  const others = Array.from({ length: 21 }, (_none, id) => track('ada', id).catch(() => {}));
  await expect.poll(() => refused.slice(5)).toEqual(['ada']);

  leaving.abort();
  await Promise.all([...flood, ...others]);
  await gateway[Symbol.asyncDispose]();
  expect(logged).toEqual([]);
});
