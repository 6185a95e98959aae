import { expect, test } from 'vitest';
import { readTask } from '../support/documents.ts';
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

test('a task that stays forgotten ends as not found after two minutes, not before', async () => {
  const clock = createFastClock(60);
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock });
  gateway.upstream.proxy.fault({ ...refusal('ResourceNotFound.Task'), action });
  const since = clock.monotonic();
  const id = await createImageTask(gateway, 'forgotten');
  await until(() => countAsked(gateway) >= 3);
  expect(await gateway.ask(readTask, { id })).toMatchObject({ task: { status: 'WAIT', failure: null } });
  expect(await untilEnded(gateway, id)).toMatchObject({ status: 'FAIL', failure: { code: 'NOT_FOUND' } });
  expect(clock.monotonic() - since).toBeGreaterThanOrEqual(120_000);
  expect(gateway.upstream.countOf('forgotten')).toBe(1);
});
