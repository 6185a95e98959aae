import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { UpstreamCallError } from '../../src/domain/upstream.ts';
import { RefusedRecordError } from '../../src/domain/task/refused-record.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createKindSubmission } from '../../src/scheduler/kind-submission.ts';
import { createPacer } from '../../src/scheduler/pacer.ts';
import { createCircuitBreaker } from '../../src/scheduler/circuit-breaker.ts';
import { createManualClock } from '../support/manual-clock.ts';

const limit = 20;

const nothingSpecial = { canceled: 0, gone: 0, inDoubt: 0 };

/**
 * Sends what waits through a database whose claims take as long as they are told, and notes when. Before it come tasks
 * that were canceled, that are refused when they are claimed, and whose claims are in doubt.
 */
function startSending(
  count: number,
  before: Partial<typeof nothingSpecial> = {},
  refuse: (taskId: string) => void = () => {},
) {
  const { canceled, gone, inDoubt } = { ...nothingSpecial, ...before };
  const clock = createManualClock();
  const ids = {
    canceled: namesOf('canceled', canceled),
    gone: namesOf('gone', gone),
    inDoubt: namesOf('doubt', inDoubt),
  };
  const outcomes: string[] = [];
  const stopping = new AbortController();
  const sentAt: number[] = [];
  let claimMs = 3;
  let returned = 0;
  const submission = createKindSubmission({
    lease: { epoch: 1n },
    upstream: {
      account: 'vendor/-/test',
      async create() {
        sentAt.push(clock.monotonic());
        return { upstreamTaskId: `4-AigcImage-${sentAt.length}`, requestId: null };
      },
      describe: () => Promise.reject(new Error('Nobody is to be asked.')),
    },
    tasks: {
      async claim(taskId) {
        await clock.sleep(claimMs);
        refuse(taskId);
        if (ids.canceled.includes(taskId)) return null;
        if (ids.inDoubt.includes(taskId)) throw new Error('The connection ended.');
        if (ids.gone.includes(taskId)) return { taskId, attempt: 1, refusal: fileGone };
        return { taskId, attempt: 1, request: { kind: 'IMAGE', prompt: 'a lighthouse' } };
      },
      undoClaim: async (taskId) => refuse(taskId),
      async recordOutcome({ taskId }, { kind }) {
        outcomes.push(`${taskId} ${kind}`);
        returned += kind === 'held-back' ? 1 : 0;
      },
    },
    kind: 'IMAGE',
    budget: createPacer(limit, clock),
    limit,
    breaker: createCircuitBreaker(clock),
    onAccepted: () => {},
    clock,
    logger: silentLogger,
    graceSignal: new AbortController().signal,
  });
  const add = (id: string): void => submission.add({ id, owner: 'ada', kind: 'IMAGE' });
  for (const id of [...ids.inDoubt, ...ids.gone, ...ids.canceled, ...namesOf('task', count)]) add(id);
  const running = submission.run(stopping.signal);
  onTestFinished(() => stopping.abort());
  /** In steps, so that what was woken runs on. */
  async function pass(ms: number): Promise<void> {
    for (const end = clock.monotonic() + ms; clock.monotonic() < end;) {
      await clock.advance(5);
      await turn();
    }
  }
  return {
    clock,
    sentAt,
    outcomes,
    drop: (id: string): void => submission.drop({ id, owner: 'ada', kind: 'IMAGE' }),
    returned: () => returned,
    /** Claims that begin from now on. */
    takeClaims: (ms: number) => void (claimMs = ms),
    pass,
    async stop(): Promise<void> {
      stopping.abort();
      // What has been claimed is sent.
      await pass(2_000);
      await running;
    },
  };
}

const namesOf = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${what} ${index}`);

const fileGone = new UpstreamCallError('not-connected', 'FILE_GONE', 'A result that the request refers to is gone.');

/** Of any second. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

/** A database that stands still: claims that begin in that time all end together. */
async function standStill({ takeClaims, pass }: ReturnType<typeof startSending>, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 5) {
    takeClaims(left);
    await pass(5);
  }
  takeClaims(3);
}

test.for([100, 300, 700, 1_900])('after %i ms without the database no second holds more than the limit', async (ms) => {
  const sending = startSending(200);
  await sending.pass(3_000);
  const before = sending.sentAt.length;
  await standStill(sending, ms);
  await sending.pass(4_000);
  expect(mostInASecond(sending.sentAt)).toBeLessThanOrEqual(limit);
  // And what comes after goes on at the limit.
  expect(sending.sentAt.length - before).toBeGreaterThan(4 * 0.9 * limit);
  expect(sending.returned()).toBe(0);
  await sending.stop();
  expect(sending.clock.sleepers()).toBe(0);
});

test('control: without trouble the queue drains at the limit, each a few milliseconds after its turn', async () => {
  const sending = startSending(100);
  await sending.pass(4_000);
  expect(sending.sentAt.length).toBeGreaterThanOrEqual(76);
  expect(mostInASecond(sending.sentAt)).toBeLessThanOrEqual(limit);
  await sending.stop();
});

test.for([50, 100, 190])('a database that takes %i ms for a claim slows nothing down', async (claimMs) => {
  const sending = startSending(100);
  sending.takeClaims(claimMs);
  await sending.pass(4_200);
  expect(sending.sentAt.length).toBeGreaterThanOrEqual(70);
  await sending.stop();
});

test('one that takes a second still has everything sent', async () => {
  const sending = startSending(12);
  sending.takeClaims(1_000);
  await sending.pass(5_000);
  expect(sending.sentAt).toHaveLength(12);
  await sending.stop();
});

test('three hundred canceled tasks in line cost no slot: the one after them is sent at once', async () => {
  const sending = startSending(1, { canceled: 300 });
  // The first four slots, whose claims go on side by side. A slot for each would take 15 s.
  await sending.pass(500);
  expect(sending.sentAt).toHaveLength(1);
  await sending.stop();
  expect(sending.outcomes).toEqual(['task 0 accepted']);
});

test('nor do tasks cost one that are refused before they are sent, and each of them is ended', async () => {
  const sending = startSending(1, { gone: 100 });
  await sending.pass(300);
  expect(sending.sentAt).toHaveLength(1);
  await sending.stop();
  expect(sending.outcomes.filter((outcome) => outcome.endsWith('rejected'))).toHaveLength(100);
});

test('what waits behind canceled tasks never exceeds the limit, and is sent at it', async () => {
  const sending = startSending(100, { canceled: 300, gone: 30 });
  await sending.pass(4_500);
  expect(mostInASecond(sending.sentAt)).toBeLessThanOrEqual(limit);
  expect(sending.sentAt.length).toBeGreaterThanOrEqual(74);
  await sending.stop();
});

test('a claim in doubt uses up its slot: no slot grows old while the database is away', async () => {
  const sending = startSending(40, { inDoubt: 4 });
  await sending.pass(750);
  // Undoing the four took half a second for each. What is sent since then has slots of its own, one in 51 ms.
  expect(sending.sentAt.length).toBeGreaterThan(2);
  expect(sending.sentAt.length).toBeLessThanOrEqual(5);
  await sending.pass(2_000);
  expect(mostInASecond(sending.sentAt)).toBeLessThanOrEqual(limit);
  expect(sending.sentAt.length).toBeGreaterThan(30);
  await sending.stop();
});

test('a task that is dropped from the line is not even claimed', async () => {
  const sending = startSending(3);
  sending.drop('task 1');
  await sending.pass(1_000);
  await sending.stop();
  expect(sending.outcomes).toEqual(['task 0 accepted', 'task 2 accepted']);
});
test('tasks whose claim PostgreSQL refuses, and its undoing as well, keep no other from being sent', async () => {
  const refused = new RefusedRecordError('23514', { cause: null });
  const sending = startSending(30, {}, (taskId) => {
    if (/ [0-9]$/.test(taskId)) throw refused;
  });
  await sending.pass(4_000);
  expect(sending.sentAt).toHaveLength(20);
  await sending.stop();
});
