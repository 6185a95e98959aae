import { expect, test } from 'vitest';
import { outcomeOfError, type SubmissionOutcome } from '../../src/domain/task/submission.ts';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import { createCreateTroubles } from '../../src/scheduler/create-troubles.ts';
import { createCircuitBreaker } from '../../src/scheduler/circuit-breaker.ts';
import { createManualClock } from '../support/manual-clock.ts';

const alive = new AbortController().signal;
const worked: SubmissionOutcome = {
  kind: 'accepted',
  answer: { upstreamTaskId: '4-AigcImage-1', requestId: null },
  answeredAt: new Date(0),
};
const refusal = outcomeOfError(new UpstreamCallError('refused', 'UnauthorizedOperation', 'No role.'));
const timeOut = outcomeOfError(new UpstreamCallError('no-answer', 'TIMED_OUT', 'No answer.'));

function open() {
  const clock = createManualClock();
  const breaker = createCircuitBreaker(clock);
  const troubles = createCreateTroubles(clock);
  return {
    clock,
    breaker,
    troubles,
    /** Sends a task once it may be; what comes of it is told later, by the function that this answers. */
    async begin(taskId: string): Promise<(outcome: SubmissionOutcome) => void> {
      const passing = breaker.pass(alive);
      if (breaker.trouble !== null) await clock.advance(60_000);
      const pass = await passing;
      troubles.began(taskId);
      return (outcome) => troubles.judge(taskId, outcome, pass);
    },
  };
}

/** Sends a task every `everyMs`, each answered after `latencyMs`, and tells whether there was silence at any time. */
async function isEverSilent(latencyMs: number, { calls = 200, everyMs = 50 } = {}): Promise<boolean> {
  const { clock, troubles, begin } = open();
  const answers: { at: number; tell: () => void }[] = [];
  let silent = false;
  for (let call = 0; call < calls; call += 1) {
    while ((answers[0]?.at ?? Number.POSITIVE_INFINITY) <= clock.monotonic()) answers.shift()?.tell();
    silent ||= troubles.silence() !== null;
    const answer = await begin(`task ${call}`);
    answers.push({ at: clock.monotonic() + latencyMs, tell: () => answer(worked) });
    await clock.advance(everyMs);
  }
  return silent;
}

test('an upstream that answers nothing is known after three seconds, not after its calls’ time-outs', async () => {
  const { clock, troubles, begin } = open();
  const answers: ((outcome: SubmissionOutcome) => void)[] = [];
  while (troubles.silence() === null) {
    answers.push(await begin(`task ${answers.length}`));
    await clock.advance(50);
  }
  expect(clock.monotonic()).toBe(3_000);
  expect(troubles.silence()).toBe('NO_ANSWER: 60 calls are under way, and none is answered.');
  answers[0]?.(worked);
  expect(troubles.silence()).toBeNull();
});

test('control: one that is slow but answers is not silent, and few calls say nothing', async () => {
  expect(await isEverSilent(2_000)).toBe(false);
  expect(await isEverSilent(14_000, { everyMs: 1_500 })).toBe(false);
  expect(await isEverSilent(3_200)).toBe(true);
});

test('a time-out is no answer', async () => {
  const { clock, troubles, begin } = open();
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => begin(`task ${index}`)));
  await clock.advance(15_000);
  answers[0]?.(timeOut);
  expect(troubles.silence()).not.toBeNull();
});

test('while others work, a task or two that the account’s codes refuse close nothing', async () => {
  const { breaker, begin } = open();
  (await begin('good'))(worked);
  for (let time = 0; time < 10; time += 1) {
    (await begin('one'))(refusal);
    (await begin('other'))(refusal);
  }
  expect(breaker.trouble).toBeNull();
  (await begin('a third'))(refusal);
  expect(breaker.trouble).toBe('UnauthorizedOperation: No role.');
});

test('where nothing else has worked of late, the first refusal closes the breaker', async () => {
  const { clock, breaker, begin } = open();
  (await begin('first of all'))(refusal);
  expect(breaker.trouble).not.toBeNull();
  (await begin('good'))(worked);
  expect(breaker.trouble).toBeNull();
  await clock.advance(10_000);
  (await begin('late'))(refusal);
  expect(breaker.trouble).not.toBeNull();
});

test('the pause grows with each task that is refused, not with one that is refused again', async () => {
  const { clock, breaker, begin } = open();
  const pauseAfter = async (taskId: string): Promise<number> => {
    (await begin(taskId))(refusal);
    const from = clock.monotonic();
    const pass = breaker.pass(alive);
    let passed = false;
    void pass.then(() => (passed = true));
    while (!passed) await clock.advance(500);
    (await pass).undecided();
    return clock.monotonic() - from;
  };
  expect(await pauseAfter('one')).toBe(500);
  expect(await pauseAfter('one')).toBe(500);
  expect(await pauseAfter('other')).toBe(1_000);
  expect(await pauseAfter('one')).toBe(1_000);
  expect(await pauseAfter('a third')).toBe(2_000);
});
