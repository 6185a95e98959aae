import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Lane } from '../../src/domain/task/webhook.ts';
import type { Database } from '../../src/store/database.ts';
import {
  claimDelivery,
  findOverdueLanes,
  recordAttempt,
  releaseDelivery,
  type ClaimedDelivery,
} from '../../src/store/webhook-deliveries.ts';
import { holdTask, openStore, owner } from './open-store.ts';

const keep = 50;
const delivered = { revision: 2, statusCode: 204, error: null, retryMs: null };
const failed = { revision: 2, statusCode: 500, error: 'The receiver answered 500.', retryMs: 3_600_000 };

/** A task that has ended, of which its receiver is to be told. */
async function endTask(database: Database, url: string): Promise<void> {
  const id = await holdTask(database, { webhook: { url, events: ['ENDED'] } });
  await sql`update task set state = 'ended', status = 'FAIL', failure_code = 'CANCELED', revision = revision + 1
    where id = ${id}`.execute(database);
}

const readDeliveries = (database: Database) =>
  database.selectFrom('webhook_delivery').select(['id', 'owner', 'host', 'receiver', 'attempt', 'due_at']).execute();

async function claim(database: Database, lane: Pick<Lane, 'owner' | 'receiver'>): Promise<ClaimedDelivery> {
  const claimed = await claimDelivery(database, lane);
  if (claimed === null) throw new Error('Nothing is due there.');
  return claimed;
}

/** The process that began the first try stood still for so long that the second has begun. */
async function claimTwice(database: Database) {
  await endTask(database, 'https://app.example/hook');
  const [lane = { owner: '', receiver: '' }] = await readDeliveries(database);
  const first = await claim(database, lane);
  await sql`update webhook_delivery set due_at = now()`.execute(database);
  const second = await claim(database, lane);
  const [begun] = await readDeliveries(database);
  return { lane, first, second, begun };
}

test.each([
  ['it was delivered', delivered],
  ['it is to be tried again in an hour', failed],
])('what came of a try that took too long, that %s, leaves the one that runs now as it is', async (_what, outcome) => {
  await using store = await openStore();
  const { database } = store;
  const { first, second, begun } = await claimTwice(database);
  expect([first.attempt, second.attempt]).toEqual([1, 2]);
  expect(await recordAttempt(database, first, outcome, keep)).toBeNull();
  expect(await readDeliveries(database)).toEqual([begun]);

  // The control: what came of the second one counts.
  expect(await recordAttempt(database, second, outcome, keep)).toEqual(outcome.retryMs && expect.any(Date));
  expect(await readDeliveries(database)).not.toEqual([begun]);
  const log = await database.selectFrom('webhook_attempt').select(['attempt', 'next_attempt_at']).execute();
  expect(log).toEqual([
    { attempt: 1, next_attempt_at: null },
    { attempt: 2, next_attempt_at: outcome.retryMs && expect.any(Date) },
  ]);
});

test('a try that is given back after it took too long leaves the one that runs now as it is', async () => {
  await using store = await openStore();
  const { database } = store;
  const { lane, first, second, begun } = await claimTwice(database);
  await releaseDelivery(database, first);
  expect(await readDeliveries(database)).toEqual([begun]);
  expect(await claimDelivery(database, lane)).toBeNull();

  await releaseDelivery(database, second);
  expect(await claim(database, lane)).toMatchObject({ id: second.id, attempt: 2 });
});

test('each path of a host is a lane of its own, whatever its query', async () => {
  await using store = await openStore();
  const { database } = store;
  for (const path of ['/', '/a', '/a?task=1', '/a?task=2#b', '/a#c', '/a/b']) {
    await endTask(database, `https://app.example${path}`);
  }
  await endTask(database, 'https://other.example/a');
  const lanes = (await readDeliveries(database)).map(({ host, receiver }) => `${host} ${receiver}`);
  const [root, a, ...others] = lanes;
  expect(others).toEqual([a, a, a, expect.anything(), expect.anything()]);
  expect(new Set(lanes).size).toBe(4);
  expect(root).toMatch(/^app\.example [0-9a-f]{32}$/);
});

test('a URL of any length and letters has a lane', async () => {
  await using store = await openStore();
  const letters = Array.from({ length: 2_000 }, (_, index) =>
    String.fromCodePoint(0x4e00 + ((index * 7_919) % 20_000)),
  );
  await endTask(store.database, `https://app.example/${letters.join('')}`);
  expect(await readDeliveries(store.database)).toHaveLength(1);
});

test('of an owner with too many overdue lanes each look finds some, and none is passed over for ever', async () => {
  await using store = await openStore();
  const { database } = store;
  for (let path = 0; path < 6; path += 1) await endTask(database, `https://app.example/${path}`);
  await sql`update webhook_delivery set due_at = now() - interval '1 h'`.execute(database);
  const look = () => findOverdueLanes(database, { overdueMs: 1_000, maxPerOwner: 3 });
  const found = new Set<string>();
  for (let looks = 0; looks < 60; looks += 1) {
    const lanes = await look();
    expect(lanes).toHaveLength(3);
    for (const lane of lanes) {
      expect(lane).toMatchObject({ owner, host: 'app.example' });
      found.add(lane.receiver);
    }
  }
  expect(found.size).toBe(6);
  expect(await findOverdueLanes(database, { overdueMs: 3_601_000, maxPerOwner: 3 })).toEqual([]);
});
