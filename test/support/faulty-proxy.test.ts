import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { call } from '../sandbox/signed-call.ts';
import { startTestSandbox, type TestSandbox } from '../sandbox/test-sandbox.ts';
import { startFaultyProxy, type FaultyProxy } from './faulty-proxy.ts';

let running: TestSandbox;
let proxy: FaultyProxy;
beforeAll(async () => {
  running = await startTestSandbox();
  proxy = await startFaultyProxy({ target: running.sandbox.endpoint });
});
afterEach(() => proxy.clear());
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await running[Symbol.asyncDispose]();
});

const create = () => call(proxy.endpoint, 'CreateAigcImageTask', { Prompt: 'a fox' }, running.clock.now());
const describeTask = (TaskId: string) => call(proxy.endpoint, 'DescribeAigcImageTask', { TaskId }, running.clock.now());
const created = () => running.sandbox.tasks().length;

/** Fails if there was an answer within a moment; what hangs is let go by `clear`. */
async function expectSilence(calling: Promise<unknown>): Promise<void> {
  const settled = calling.then(
    () => 'answered',
    () => 'failed',
  );
  expect(await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, 30, 'silent'))])).toBe('silent');
}

it('passes calls on with their signature intact, and keeps a list', async () => {
  const { TaskId = '' } = await create();
  expect((await describeTask(TaskId)).Status).toBe('WAIT');
  expect(proxy.requests.slice(-2)).toEqual([
    { action: 'CreateAigcImageTask' },
    { action: 'DescribeAigcImageTask', taskId: TaskId },
  ]);
});

it('loses calls, with a reset or in silence', async () => {
  const before = created();
  proxy.fault({ kind: 'lost-reset', times: 1 });
  await expect(create()).rejects.toThrow('fetch failed');
  proxy.fault({ kind: 'lost-hang', times: 1 });
  await expectSilence(create());
  expect(created()).toBe(before);
});

it('lets a call through and loses the answer, with a reset or in silence', async () => {
  const before = created();
  proxy.fault({ kind: 'accepted-reset', times: 1 });
  await expect(create()).rejects.toThrow('fetch failed');
  expect(created()).toBe(before + 1);
  proxy.fault({ kind: 'accepted-hang', times: 1 });
  await expectSilence(create());
  await expect.poll(created).toBe(before + 2);
});

it('answers in its own words, for one action and so many calls', async () => {
  const response = { Error: { Code: 'RequestLimitExceeded', Message: 'slow down' } };
  proxy.fault({ kind: 'response', response, action: 'CreateAigcImageTask', times: 2 });
  expect((await describeTask('unknown')).Error?.Code).toBe('InvalidParameterValue.TaskId');
  expect((await create()).Error?.Code).toBe('RequestLimitExceeded');
  expect((await create()).Error?.Code).toBe('RequestLimitExceeded');
  expect((await create()).TaskId).toBeDefined();
});

it.each([
  ['HTTP 502', { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad Gateway</h1>' }],
  ['JSON', { body: '{"Response":{"TaskId":"4-Aigc' }],
  ['JSON', { body: '' }],
])('answers with garbage (%s)', async (message, answer) => {
  const before = created();
  proxy.fault({ kind: 'answer', ...answer, accepted: true, times: 1 });
  await expect(create()).rejects.toThrow(message);
  expect(created()).toBe(before + 1);
});

it('delays', async () => {
  proxy.fault({ kind: 'delay', ms: 40, times: 1 });
  const calling = create();
  await expectSilence(calling);
  expect((await calling).TaskId).toBeDefined();
});

it('refuses and resets connections until it is cleared', async () => {
  const before = proxy.requests.length;
  await proxy.refuseConnections();
  // The first call may still try the connection that was hung up on.
  await expect.poll(() => create().catch((error: Error) => error.cause)).toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.clear();
  expect((await create()).TaskId).toBeDefined();
  proxy.resetConnections();
  await expect(create()).rejects.toThrow('fetch failed');
  expect(proxy.requests).toHaveLength(before + 1);
});
