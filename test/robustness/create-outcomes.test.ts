import { expect, test } from 'vitest';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { documentedLimits } from '../../src/domain/upstream.ts';
import { createVideo } from '../support/documents.ts';
import { createFastClock } from '../support/fast-clock.ts';
import type { Rule } from '../support/faulty-proxy.ts';
import { wideLimits } from '../support/gateway.ts';
import { createImageTask, startTroubledGateway, type TroubledGateway } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

const action = 'CreateAigcImageTask';
/** Ten times as fast, so that a Create's time-out takes 1.5 s, and no create waits for the upstream's word. */
const start = (upstreamLimits = wideLimits, timesAsFast = 10): Promise<TroubledGateway> =>
  startTroubledGateway({ createWaitMs: 0, upstreamLimits }, { clock: createFastClock(timesAsFast) });

/** So few that hardly any is under way beside another, also on a busy machine. */
const fewCreates = { ...wideLimits, CreateAigcImageTask: 5 };

const countCreates = ({ upstream }: TroubledGateway): number =>
  upstream.proxy.requests.filter((request) => request.action === action).length;

async function readiness({ url }: TroubledGateway): Promise<{ ready: boolean; details: Record<string, string> }> {
  return await (await fetch(`${url}/health/ready`)).json();
}

test('an upstream that refuses connections gets the task once it is back, exactly once', async () => {
  await using gateway = await start();
  const { proxy, countOf } = gateway.upstream;
  await proxy.refuseConnections();
  const id = await createImageTask(gateway, 'a bridge');
  await until(async () => (await readiness(gateway)).details['creates']?.startsWith('ECONNREFUSED') === true);
  expect(countCreates(gateway)).toBe(0);
  await proxy.clear();
  expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect([countOf('a bridge'), countCreates(gateway)]).toEqual([1, 1]);
  expect((await readiness(gateway)).details).toEqual({ database: 'reachable' });
});

const html = '<html><body>Bad gateway</body></html>';
const doubtful: [string, Rule, reached: number][] = [
  ['is reset before the upstream hears of it', { kind: 'lost-reset' }, 0],
  ['is reset after the upstream took it', { kind: 'accepted-reset' }, 1],
  ['gets no answer and never arrived', { kind: 'lost-hang' }, 0],
  ['gets no answer although the upstream took it', { kind: 'accepted-hang' }, 1],
  ['is answered with HTTP 500', { kind: 'answer', status: 500, body: '{}', accepted: true }, 1],
  ['is answered with HTTP 502 and a page', { kind: 'answer', status: 502, body: html, accepted: true }, 1],
  ['is answered with a page', { kind: 'answer', body: html, accepted: true }, 1],
  ['is answered with half a body', { kind: 'answer', body: '{"Response":{"TaskId":"4-Aig', accepted: true }, 1],
  ['is answered with nothing', { kind: 'answer', body: '', accepted: true }, 1],
  ['is answered without a TaskId', { kind: 'response', response: {} }, 0],
  ['is redirected', { kind: 'answer', status: 307, headers: { location: '/' }, body: '' }, 0],
  ['meets an internal error', { kind: 'response', response: { Error: { Code: 'InternalError', Message: 'x' } } }, 0],
  ['meets an unknown code', { kind: 'response', response: { Error: { Code: 'Brand.New', Message: 'x' } } }, 0],
];

test('a Create of which nobody knows what became is unconfirmed, and never sent again', async () => {
  await using gateway = await start();
  const { proxy, countOf } = gateway.upstream;
  for (const [what, rule, reached] of doubtful) {
    const before = countCreates(gateway);
    proxy.fault({ ...rule, action, times: 1 });
    const id = await createImageTask(gateway, what);
    const end = await untilEnded(gateway, id);
    expect(end, what).toMatchObject({ status: 'FAIL', failure: { code: 'SUBMISSION_UNCONFIRMED' } });
    // What is created after it shows that the scheduler had its turns, and that the account did not pause.
    expect(await untilEnded(gateway, await createImageTask(gateway, `after: ${what}`))).toMatchObject({
      status: 'DONE',
    });
    expect(countCreates(gateway) - before, what).toBe(2);
    expect([countOf(what), countOf(`after: ${what}`)], what).toEqual([reached, 1]);
  }
});

test('"too many requests" sends the tasks later, each once', async () => {
  await using gateway = await start();
  const { proxy, countOf } = gateway.upstream;
  proxy.fault({
    kind: 'response',
    response: { Error: { Code: 'RequestLimitExceeded', Message: 'Slow.' } },
    action,
    times: 8,
  });
  const prompts = ['one', 'two', 'three', 'four'];
  const ids = await Promise.all(prompts.map((prompt) => createImageTask(gateway, prompt)));
  for (const id of ids) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect(prompts.map(countOf)).toEqual([1, 1, 1, 1]);
  expect(countCreates(gateway)).toBe(12);
});

test('the account’s own trouble pauses it: few probes, said in readiness, and all is sent when it is over', async () => {
  await using gateway = await start(fewCreates);
  const { proxy, countOf } = gateway.upstream;
  const requestId = 'made-up-by-the-proxy';
  proxy.fault({
    kind: 'response',
    response: { Error: { Code: 'AuthFailure.SecretIdNotFound', Message: 'Who?' } },
    action,
  });
  const prompts = Array.from({ length: 30 }, (_, index) => `kept ${index}`);
  const ids = await Promise.all(prompts.map((prompt) => createImageTask(gateway, prompt)));
  await until(() => countCreates(gateway) >= 4);
  const { ready, details } = await readiness(gateway);
  expect(ready).toBe(true);
  expect(details['creates']).toMatch(/^AuthFailure\.SecretIdNotFound: Who\?/);
  expect(JSON.stringify(details)).not.toContain(requestId);
  // Some may have been under way together when it began; since then it was one at a time, with growing pauses.
  expect(countCreates(gateway)).toBeLessThan(15);
  await proxy.clear();
  for (const id of ids) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect(prompts.map(countOf)).toEqual(prompts.map(() => 1));
  expect((await readiness(gateway)).details).toEqual({ database: 'reachable' });
});

test('a request that the upstream refuses is rejected, with its code and its request id', async () => {
  await using gateway = await start();
  const id = await createImageTask(gateway, 'something [reject]');
  const end = await untilEnded(gateway, id);
  expect(end).toMatchObject({
    status: 'FAIL',
    failure: { code: 'REJECTED', upstreamCode: 'InvalidParameterValue.SensitiveContent' },
  });
  expect(end.__typename === 'ImageTask' && end.failure?.requestId).toMatch(/^[\da-f-]{36}$/);
  expect([gateway.upstream.countOf('something [reject]'), countCreates(gateway)]).toEqual([0, 1]);
});

test('a TaskId that already stands for another task is not tried to be recorded for ever', async () => {
  const errors: string[] = [];
  const logger = createRecordingLogger(errors);
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10), logger });
  const { proxy, sandbox } = gateway.upstream;
  await untilEnded(gateway, await createImageTask(gateway, 'the first'));
  const [made] = sandbox.tasks();
  proxy.fault({ kind: 'response', response: { TaskId: made?.taskId }, action, times: 1 });
  await createImageTask(gateway, 'the second');
  await until(() => countCreates(gateway) === 2);
  await untilEnded(gateway, await createImageTask(gateway, 'the third'));
  expect(errors).toEqual([]);
});

test('an upstream that answers nonsense to every Create gets a few tasks, not the whole queue', async () => {
  await using gateway = await start(fewCreates);
  const { proxy } = gateway.upstream;
  proxy.fault({ kind: 'answer', status: 502, body: html, action });
  const prompts = Array.from({ length: 30 }, (_, index) => `one of many ${index}`);
  const ids = await Promise.all(prompts.map((prompt) => createImageTask(gateway, prompt)));
  await until(async () => (await readiness(gateway)).details['creates']?.startsWith('HTTP_502') === true);
  await proxy.clear();
  const ends = await Promise.all(ids.map((id) => untilEnded(gateway, id)));
  const unconfirmed = ends.filter(({ failure }) => failure?.code === 'SUBMISSION_UNCONFIRMED');
  expect(unconfirmed.length).toBeGreaterThanOrEqual(3);
  expect(unconfirmed.length).toBeLessThan(15);
  expect(ends.filter(({ status }) => status === 'DONE')).toHaveLength(30 - unconfirmed.length);
});

test('an upstream that takes every Create and answers none gets what it could not be known by, not the whole queue', async () => {
  await using gateway = await start(documentedLimits);
  const { proxy, countOf } = gateway.upstream;
  proxy.fault({ kind: 'lost-hang', action });
  const prompts = Array.from({ length: 150 }, (_, index) => `one of many ${index}`);
  const ids = await Promise.all(prompts.map((prompt) => createImageTask(gateway, prompt)));
  await until(async () => (await readiness(gateway)).details['creates']?.startsWith('NO_ANSWER') === true);
  await proxy.clear();
  const ends = await Promise.all(ids.map((id) => untilEnded(gateway, id)));
  const unconfirmed = ends.filter(({ failure }) => failure?.code === 'SUBMISSION_UNCONFIRMED');
  expect(unconfirmed.length).toBeGreaterThanOrEqual(10);
  // Three seconds of twenty each, and what was begun before anybody looked.
  expect(unconfirmed.length).toBeLessThan(90);
  expect(ends.filter(({ status }) => status === 'DONE')).toHaveLength(150 - unconfirmed.length);
  expect(Math.max(...prompts.map(countOf))).toBe(1);
});

const noRole = { Error: { Code: 'UnauthorizedOperation', Message: 'The role MPS_QcsRole is missing.' } };

test.for(['IMAGE', 'VIDEO'])(
  'one %s that is refused for ever keeps nothing else waiting, and is tried again',
  async (kind) => {
    // On a busy machine some of so many Creates would take longer than 1.5 s.
    await using gateway = await start(documentedLimits, 3);
    const { proxy, countOf } = gateway.upstream;
    proxy.fault({ kind: 'response', response: noRole, prompt: 'to a bucket' });
    const countRefused = (): number =>
      kind === 'IMAGE'
        ? countCreates(gateway) - prompts.map(countOf).reduce((sum, count) => sum + count, 0)
        : proxy.requests.filter((request) => request.action === 'CreateAigcVideoTask').length;
    const prompts = Array.from({ length: 60 }, (_, index) => `good ${index}`);
    const createRefused = async (): Promise<string> => {
      if (kind === 'IMAGE') return await createImageTask(gateway, 'to a bucket');
      const { createVideoTask: created } = await gateway.ask(createVideo, { input: { prompt: 'to a bucket' } });
      if (created?.__typename !== 'CreateVideoTaskPayload') throw new Error(JSON.stringify(created));
      return created.task.id;
    };
    const refused = await createRefused();
    await until(async () => (await readiness(gateway)).details['creates'] !== undefined);
    const trouble = `UnauthorizedOperation: The role MPS_QcsRole is missing. (${kind})`;
    expect((await readiness(gateway)).details['creates']).toBe(trouble);
    const ids = await Promise.all(prompts.map((prompt) => createImageTask(gateway, prompt)));
    for (const id of ids) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
    // That images work says nothing about videos.
    if (kind === 'VIDEO') expect((await readiness(gateway)).details['creates']).toBe(trouble);
    const before = countRefused();
    expect(before).toBeLessThan(20);
    await until(() => countRefused() > before);
    await proxy.clear();
    expect(await untilEnded(gateway, refused)).toMatchObject({ status: 'DONE' });
    expect(gateway.upstream.paidTwice()).toEqual([]);
  },
);
