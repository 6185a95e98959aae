import { expect, test } from 'vitest';
import { failures } from '../../src/domain/task/failures.ts';
import { failWith } from '../../src/domain/task/moves.ts';
import { taskFailureCodes } from '../../src/domain/task/task.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';

const error = new UpstreamCallError('refused', 'InvalidParameter', 'The prompt is too long.', { requestId: 'r-1' });
const all = [
  failures.generationFailed('The content was refused.', 'r-1'),
  failures.gatewayError(),
  failures.rejected(error),
  failures.submissionUnconfirmed(error),
  failures.canceled(),
  failures.timedOut(6, 'r-1'),
  failures.notFound(error),
];

test('there is a failure in words for every way in which a task can fail', () => {
  expect(all.map(({ code }) => code).toSorted()).toEqual(taskFailureCodes.toSorted());
  for (const { message } of all) expect(message).toMatch(/\.$/);
});

test('only a request that the upstream has judged, or whose result may be there, is not worth sending again', () => {
  expect(all.filter(({ retryable }) => !retryable).map(({ code }) => code)).toEqual(['GATEWAY_ERROR', 'REJECTED']);
});

test.each(all)('a task that fails with $code ends, and its history says why', (failure) => {
  expect(failWith(failure)).toEqual({
    state: 'ended',
    status: 'FAIL',
    failure,
    message: failure.message,
    requestId: failure.requestId,
  });
});
