import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import type { MetricsSink } from '../../src/domain/metrics.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';
import { answerWith, startVendorServer, type VendorServer } from './vendor-server.ts';

const credentials = { secretId: 'gateway-secret-id', secretKey: 'gateway-secret-key' };
const requestId = 'b9a5a8f2-0000-4c5e-8d8e-f7a3f2c1d0e9';

let toClose: AsyncDisposableStack;
beforeEach(() => {
  toClose = new AsyncDisposableStack();
});
afterEach(() => toClose.disposeAsync());

/** An upstream whose every call is answered with this `Response`, and the metrics that it reports. */
async function upstreamThatAnswers(
  response: object,
  more: { createTimeoutMs?: number; describeTimeoutMs?: number } = {},
  respond = answerWith({ Response: response }),
) {
  const server: VendorServer = toClose.use(await startVendorServer(respond));
  const calls: Parameters<MetricsSink['upstreamCall']>[0][] = [];
  const upstream = toClose.use(
    createUpstream({
      endpoint: `http://127.0.0.1:${server.port}`,
      credentials,
      region: null,
      accountName: 'default',
      clock: systemClock,
      onCall: (call) => calls.push(call),
      ...more,
    }),
  );
  return { server, upstream, calls };
}

test.each([
  [{ region: 'ap-singapore' }, 'mps.example:8443/ap-singapore/team-a'],
  [{ region: null }, 'mps.example:8443/-/team-a'],
  [{ region: null, accountHost: 'sandbox' }, 'sandbox/-/team-a'],
])('the account of %j is %s', async (options, account) => {
  await using upstream = createUpstream({
    endpoint: 'https://mps.example:8443/',
    credentials,
    accountName: 'team-a',
    clock: systemClock,
    ...options,
  });
  expect(upstream.account).toBe(account);
});

describe('a Create', () => {
  test.each([
    ['IMAGE', 'CreateAigcImageTask'],
    ['VIDEO', 'CreateAigcVideoTask'],
    ['AUDIO', 'CreateAigcAudioTask'],
  ] as const)('of %s calls %s and answers the id', async (kind, action) => {
    const { server, upstream, calls } = await upstreamThatAnswers({ TaskId: 'task-1', RequestId: requestId });
    expect(await upstream.create({ kind, prompt: 'a cat' })).toStrictEqual({ upstreamTaskId: 'task-1', requestId });
    expect(server.requests[0]?.headers.get('x-tc-action')).toBe(action);
    expect(server.requests[0]?.body).toBe('{"Prompt":"a cat"}');
    expect(calls).toMatchObject([{ action, outcome: 'ok' }]);
  });

  test('answers an id that every database takes', async () => {
    const { upstream } = await upstreamThatAnswers({
      TaskId: ' 4-\uD83D\u0000-1 ',
      RequestId: `\uD83D${'r'.repeat(999)}`,
    });
    expect(await upstream.create({ kind: 'IMAGE' })).toStrictEqual({
      upstreamTaskId: '4-\uFFFD -1',
      requestId: `\uFFFD${'r'.repeat(254)}`,
    });
  });

  test.each([
    { RequestId: requestId },
    { TaskId: null, RequestId: requestId },
    { TaskId: ' ', RequestId: requestId },
    { TaskId: 'x'.repeat(256), RequestId: requestId },
  ])('answered without an id may have been accepted: %j', async (response) => {
    const { upstream, calls } = await upstreamThatAnswers(response);
    await expect(upstream.create({ kind: 'IMAGE', prompt: 'a cat' })).rejects.toMatchObject({
      name: 'UpstreamCallError',
      phase: 'no-answer',
      code: 'INVALID_BODY',
      requestId,
    });
    expect(calls).toMatchObject([{ outcome: 'no-answer' }]);
  });

  test('is given up after its own time-out', async () => {
    const { upstream, calls } = await upstreamThatAnswers({}, { createTimeoutMs: 30 }, () => undefined);
    await expect(upstream.create({ kind: 'AUDIO' })).rejects.toMatchObject({ phase: 'no-answer', code: 'TIMED_OUT' });
    expect(calls[0]?.seconds).toBeGreaterThan(0.025);
    expect(calls[0]?.seconds).toBeLessThan(5);
  });

  test('can be aborted', async () => {
    const { upstream } = await upstreamThatAnswers({});
    const options = { signal: AbortSignal.abort() };
    await expect(upstream.create({ kind: 'IMAGE' }, options)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('a Describe', () => {
  test.each([
    ['IMAGE', 'DescribeAigcImageTask', { ImageUrls: ['https://cos.example/1'] }],
    ['VIDEO', 'DescribeAigcVideoTask', { VideoUrls: ['https://cos.example/1'] }],
    ['AUDIO', 'DescribeAigcAudioTask', { AudioInfos: [{ Url: 'https://cos.example/1', Duration: null }] }],
  ] as const)('of %s calls %s and answers what it tells', async (kind, action, results) => {
    const { server, upstream } = await upstreamThatAnswers({ Status: 'DONE', ...results, RequestId: requestId });
    expect(await upstream.describe(kind, 'task-1')).toStrictEqual({
      status: 'DONE',
      message: null,
      files: [{ type: kind, url: 'https://cos.example/1', duration: null }],
      resolution: null,
      requestId,
    });
    expect(server.requests[0]?.headers.get('x-tc-action')).toBe(action);
    expect(server.requests[0]?.body).toBe('{"TaskId":"task-1"}');
  });

  test('comes with a clean message', async () => {
    const Message = `Failed\nfor ${credentials.secretId}`;
    const { upstream } = await upstreamThatAnswers({ Status: 'FAIL', Message });
    expect(await upstream.describe('VIDEO', 'task-1')).toMatchObject({ message: 'Failed for [redacted]' });
  });

  test('without a status is no answer', async () => {
    const { upstream } = await upstreamThatAnswers({ RequestId: requestId });
    await expect(upstream.describe('IMAGE', 'task-1')).rejects.toMatchObject({
      phase: 'no-answer',
      code: 'INVALID_BODY',
      requestId,
    });
  });

  test('is given up after its own time-out', async () => {
    const { upstream } = await upstreamThatAnswers({}, { describeTimeoutMs: 30 }, () => undefined);
    await expect(upstream.describe('IMAGE', 'task-1')).rejects.toMatchObject({ code: 'TIMED_OUT' });
  });

  test('can be aborted', async () => {
    const { upstream } = await upstreamThatAnswers({});
    const options = { signal: AbortSignal.abort() };
    await expect(upstream.describe('IMAGE', 'task-1', options)).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

test('a refusal is counted by its code up to the first dot', async () => {
  const { upstream, calls } = await upstreamThatAnswers({
    Error: { Code: 'InvalidParameterValue.TaskId', Message: 'No such task.' },
    RequestId: requestId,
  });
  await expect(upstream.describe('IMAGE', 'task-1')).rejects.toMatchObject({
    phase: 'refused',
    code: 'InvalidParameterValue.TaskId',
    message: 'No such task.',
    requestId,
  });
  expect(calls).toMatchObject([{ action: 'DescribeAigcImageTask', outcome: 'InvalidParameterValue' }]);
});
