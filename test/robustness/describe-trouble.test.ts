import { expect, test } from 'vitest';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { moveTask } from '../../src/store/move-task.ts';
import { readResults, readTask, trackTask } from '../support/documents.ts';
import { createFastClock } from '../support/fast-clock.ts';
import type { Fault } from '../support/faulty-proxy.ts';
import { createImageTask, startTroubledGateway, type TroubledGateway } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

const action = 'DescribeAigcImageTask';

const countAsked = ({ upstream }: TroubledGateway): number =>
  upstream.proxy.requests.filter((request) => request.action === action).length;

async function readHistory(gateway: TroubledGateway, id: string): Promise<string[]> {
  const { task } = await gateway.ask(readTask, { id });
  return task?.__typename === 'ImageTask' ? task.history.map(({ status }) => status) : [];
}

const refusal = (code: string): Fault => ({ kind: 'response', response: { Error: { Code: code, Message: 'No.' } } });
const answer = (status: string): Fault => ({
  kind: 'response',
  response: { Status: status, Message: '', ImageUrls: [] },
});

const troubles: Record<string, Fault> = {
  'are reset': { kind: 'accepted-reset' },
  'get no answer': { kind: 'accepted-hang' },
  'are answered with HTTP 500': { kind: 'answer', status: 500, body: 'oops' },
  'are answered with a page': { kind: 'answer', body: '<html>' },
  'are answered with half a body': { kind: 'answer', body: '{"Response":' },
  'are answered without a status': { kind: 'response', response: {} },
  'meet an internal error': refusal('InternalError'),
  'meet a limit': refusal('RequestLimitExceeded'),
  'meet the account’s trouble': refusal('AuthFailure.SignatureFailure'),
  'are refused as they stand': refusal('InvalidParameter'),
  'find the task forgotten for a moment': refusal('InvalidParameterValue.TaskId'),
  'hear a word that nobody knows': answer('PAUSED'),
};

test('whatever happens to questions, it ends no task', { timeout: 60_000 }, async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
  for (const [what, fault] of Object.entries(troubles)) {
    const before = countAsked(gateway);
    gateway.upstream.proxy.fault({ ...fault, action, times: 2 });
    const id = await createImageTask(gateway, what);
    expect(await untilEnded(gateway, id), what).toMatchObject({ status: 'DONE' });
    expect(countAsked(gateway) - before, what).toBeGreaterThanOrEqual(3);
    expect(gateway.upstream.countOf(what), what).toBe(1);
  }
});

test('a status never goes backwards', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
  const { proxy } = gateway.upstream;
  for (const status of ['RUN', 'WAIT', 'RUN', 'WAIT', 'MAYBE']) proxy.fault({ ...answer(status), action, times: 1 });
  const id = await createImageTask(gateway, 'back and forth');
  await untilEnded(gateway, id);
  expect(await readHistory(gateway, id)).toEqual(['WAIT', 'WAIT', 'RUN', 'DONE']);
});

/** Images that run for as long as the upstream knows them: all of them, until it is told which. */
async function startRunning(gateway: TroubledGateway, count: number) {
  const { proxy } = gateway.upstream;
  let isKnown = (_taskId: string): boolean => true;
  proxy.fault({ ...answer('RUN'), action, taskId: (taskId) => isKnown(taskId) });
  proxy.fault({ ...refusal('InvalidParameterValue.TaskId'), action });
  const prompts = Array.from({ length: count }, (_, number) => `running ${number}`);
  const ids = await Promise.all(prompts.map((prompt) => createImageTask(gateway, prompt)));
  const read = async (id: string) => (await gateway.ask(readTask, { id })).task;
  for (const id of ids) await until(async () => (await read(id))?.status === 'RUN');
  const taskIds = await Promise.all(ids.map(async (id) => (await read(id))?.upstreamTaskId ?? ''));
  return { ids, taskIds, knowOnly: (known: readonly string[]) => void (isKnown = (taskId) => known.includes(taskId)) };
}

const readiness = async ({ url }: TroubledGateway): Promise<{ ready: boolean; details: Record<string, string> }> =>
  await (await fetch(`${url}/health/ready`)).json();

test('a task that stays forgotten while another is known ends as not found after two minutes, not before', async () => {
  const clock = createFastClock(60);
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock });
  const { ids, taskIds, knowOnly } = await startRunning(gateway, 2);
  const [id = '', other = ''] = ids;
  knowOnly(taskIds.slice(1));
  const since = clock.monotonic();
  expect(await untilEnded(gateway, id)).toMatchObject({ status: 'FAIL', failure: { code: 'NOT_FOUND' } });
  expect(clock.monotonic() - since).toBeGreaterThanOrEqual(120_000);
  expect(await gateway.ask(readTask, { id: other })).toMatchObject({ task: { status: 'RUN' } });
});

test('while another account’s book is read, nothing ends, and an operator is told', { timeout: 60_000 }, async () => {
  const clock = createFastClock(20);
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock });
  const { ids, knowOnly } = await startRunning(gateway, 10);
  knowOnly([]);
  const before = countAsked(gateway);
  const since = clock.monotonic();
  await until(async () => 'describes' in (await readiness(gateway)).details);
  const { ready, details } = await readiness(gateway);
  expect(ready).toBe(true);
  expect(details['describes']).toMatch(/^UNKNOWN_TASKS: .*\(IMAGE\)$/);
  await until(() => clock.monotonic() - since > 200_000);
  expect(await (await fetch(`${gateway.url}/metrics`)).text()).toMatch(/^gateway_tasks_unknown\{kind="IMAGE"\} \d+$/m);
  for (const id of ids) expect(await gateway.ask(readTask, { id })).toMatchObject({ task: { status: 'RUN' } });
  // With pauses, and no more than one at a time.
  expect(countAsked(gateway) - before).toBeLessThan(100);

  await gateway.upstream.proxy.clear();
  for (const id of ids) expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect((await readiness(gateway)).details).not.toHaveProperty('describes');
});

test('a task that was given up as not found becomes what the upstream says, at once where it is tracked', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
  const { ids, taskIds } = await startRunning(gateway, 1);
  const [id = ''] = ids;
  const [upstreamTaskId = ''] = taskIds;
  await using database = createDatabase({ connectionString: gateway.config.databaseUrl ?? '' }, silentLogger);
  const error = new UpstreamCallError('refused', 'ResourceNotFound', 'No such task.');
  await moveTask(database, id, { guard: { states: ['submitted'] }, move: failWith(failures.notFound(error)) });
  expect(await gateway.ask(readTask, { id })).toMatchObject({ task: { failure: { code: 'NOT_FOUND' } } });
  expect(await gateway.ask(trackTask, { upstreamTaskId })).toMatchObject({
    trackTask: { __typename: 'TrackTaskPayload', task: { id, status: 'RUN', failure: null } },
  });
  // It is polled as before.
  await gateway.upstream.proxy.clear();
  expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
});

test('DONE without a file is asked again for five minutes: files that come by then are taken', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(60) });
  gateway.upstream.proxy.fault({ ...answer('DONE'), action, times: 3 });
  const id = await createImageTask(gateway, 'late files');
  await untilEnded(gateway, id);
  const { task } = await gateway.ask(readResults, { id });
  expect(task).toMatchObject({ status: 'DONE', files: [{ url: expect.stringContaining('http') }], warnings: [] });
});

test('DONE without a file that can be fetched is believed after five minutes, with a warning', async () => {
  const clock = createFastClock(60);
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock });
  const unusable = { Status: 'DONE', Message: 'ok', ImageUrls: ['ftp://files.example.com/1.png', null] };
  gateway.upstream.proxy.fault({ kind: 'response', response: unusable, action });
  const since = clock.monotonic();
  const id = await createImageTask(gateway, 'no files');
  await until(() => countAsked(gateway) > 1);
  expect(await gateway.ask(readTask, { id })).toMatchObject({ task: { status: 'WAIT' } });
  await untilEnded(gateway, id);
  expect(clock.monotonic() - since).toBeGreaterThanOrEqual(300_000);
  const { task } = await gateway.ask(readResults, { id });
  expect(task).toMatchObject({ status: 'DONE', files: [], warnings: [expect.stringContaining('no file')] });
  expect(countAsked(gateway)).toBeLessThan(12);
});
