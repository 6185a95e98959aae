import { setImmediate as turn } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { RefusedRecordError } from '../../src/domain/refused-record.ts';
import { silentLogger } from '../../src/logger.ts';
import { createKindSubmission } from '../../src/scheduler/kind-submission.ts';
import { createPacer } from '../../src/scheduler/pacer.ts';
import { createTroubleGate } from '../../src/scheduler/trouble-gate.ts';
import { createManualClock } from '../support/manual-clock.ts';

const limit = 20;

/** Sends what waits through a database whose claims take as long as they are told, and notes when. */
function startSending(count: number, refuse: (taskId: string) => void = () => {}) {
  const clock = createManualClock();
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
        return { taskId, attempt: 1, request: { kind: 'IMAGE', prompt: 'a lighthouse' } };
      },
      undoClaim: async (taskId) => refuse(taskId),
      recordOutcome: async (_attempt, { kind }) => void (returned += kind === 'held-back' ? 1 : 0),
    },
    kind: 'IMAGE',
    budget: createPacer(limit, clock),
    limit,
    gate: createTroubleGate(clock),
    onAccepted: () => {},
    clock,
    logger: silentLogger,
    graceSignal: new AbortController().signal,
  });
  for (let index = 0; index < count; index += 1) submission.add({ id: `task ${index}`, owner: 'ada', kind: 'IMAGE' });
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

test('tasks whose claim PostgreSQL refuses, and its undoing as well, keep no other from being sent', async () => {
  const refused = new RefusedRecordError('23514', { cause: null });
  const sending = startSending(30, (taskId) => {
    if (/ [0-9]$/.test(taskId)) throw refused;
  });
  await sending.pass(4_000);
  expect(sending.sentAt).toHaveLength(20);
  await sending.stop();
});
