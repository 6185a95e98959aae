import { expect, test } from 'vitest';
import { cancelTask } from '../support/documents.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { createImageTask, startTroubledGateway, type TroubledGateway } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

const action = 'CreateAigcImageTask';

/** A task whose Create is on its way, and the answer to its cancel, which waits for it. */
async function cancelWhileSending(gateway: TroubledGateway, prompt: string) {
  const { requests } = gateway.upstream.proxy;
  const before = requests.length;
  const id = await createImageTask(gateway, prompt);
  await until(() => requests.length > before);
  return { id, cancelled: gateway.ask(cancelTask, { id }) };
}

test('a cancel is honoured when the Create comes back unsent', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
  const { proxy, countOf } = gateway.upstream;
  const tooMany = { Error: { Code: 'RequestLimitExceeded', Message: 'Slow.' } };
  proxy.fault({ kind: 'response', response: tooMany, afterMs: 300, action });
  const { id, cancelled } = await cancelWhileSending(gateway, 'regretted');
  expect(await cancelled).toMatchObject({
    cancelTask: { __typename: 'CancelTaskPayload', task: { status: 'FAIL', failure: { code: 'CANCELED' } } },
  });
  await proxy.clear();
  expect(await untilEnded(gateway, id)).toMatchObject({ status: 'FAIL', failure: { code: 'CANCELED' } });
  expect(await untilEnded(gateway, await createImageTask(gateway, 'after'))).toMatchObject({ status: 'DONE' });
  expect([countOf('regretted'), countOf('after')]).toEqual([0, 1]);
});

test('a cancel waits for the outcome, and is refused when the upstream has accepted', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
  gateway.upstream.proxy.fault({ kind: 'delay', ms: 300, action, times: 1 });
  const { id, cancelled } = await cancelWhileSending(gateway, 'too late');
  expect(await cancelled).toMatchObject({
    cancelTask: {
      __typename: 'TaskAlreadySubmittedError',
      task: { upstreamTaskId: expect.stringMatching(/^4-AigcImage-/) },
    },
  });
  expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  expect(gateway.upstream.countOf('too late')).toBe(1);
});

test('a cancel of a Create of which nobody knows what became tells that it was sent', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
  gateway.upstream.proxy.fault({ kind: 'accepted-hang', action, times: 1 });
  const { id, cancelled } = await cancelWhileSending(gateway, 'nobody knows');
  expect(await cancelled).toMatchObject({ cancelTask: { __typename: 'TaskAlreadySubmittedError' } });
  expect(await untilEnded(gateway, id)).toMatchObject({ failure: { code: 'SUBMISSION_UNCONFIRMED' } });
});
