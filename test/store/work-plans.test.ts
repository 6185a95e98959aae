import { sql, type CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { claimArchiveWork, findArchiveDueMs } from '../../src/store/archive-work.ts';
import { claimDelivery, findFallenDue } from '../../src/store/webhook-deliveries.ts';
import { keepWorkLeases } from '../../src/store/work-leases.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { connect, explain } from './explain.ts';
import { account, openStore } from './open-store.ts';

const count = 50_000;
let store: Awaited<ReturnType<typeof openStore>>;
let client: Awaited<ReturnType<typeof connect>>;

/** A day on which receivers and the store are down: nearly all waits, in 500 lanes. Of webhooks as many again are over. */
beforeAll(async () => {
  store = await openStore();
  await store.database.transaction().execute(async (open) => {
    // Their tasks don't matter.
    await sql`set local session_replication_role = replica`.execute(open);
    await sql`
      insert into webhook_delivery (task_id, owner, host, receiver, event, revision, due_at)
      select gen_random_uuid(), 'owner ' || number % 50, 'app.example', 'receiver ' || number % 500, 'ENDED', 2,
        case when number % 2 = 0 then date_trunc('milliseconds', clock_timestamp()) + number * interval '1 second' end
      from generate_series(-19, 2 * ${count}::integer) as number`.execute(open);
    await sql`
      insert into archive_work (task_id, account, owner, expires_at, due_at)
      select gen_random_uuid(), ${account}, 'ada', now() + number * interval '1 second', now() + number * interval '1 second'
      from generate_series(-19, ${count}::integer) as number`.execute(open);
  });
  await sql`vacuum analyze webhook_delivery, archive_work`.execute(store.database);
  client = await connect(store.connection);
}, 60_000);

afterAll(async () => {
  await client.end();
  await store[Symbol.asyncDispose]();
});

async function costOf(ask: () => Promise<unknown>) {
  const before = store.statements.length;
  await ask();
  const [statement] = store.statements.slice(before);
  return await explain(client, statement ?? noStatement());
}

function noStatement(): CompiledQuery {
  throw new Error('Nothing was asked.');
}

async function renew(): Promise<void> {
  const clock = createManualClock();
  await using leases = keepWorkLeases(store.database, { clock, logger: silentLogger });
  const before = store.statements.length;
  using held = await leases.take(async () => ({ id: '00000000-0000-7000-8000-000000000000', attempt: 1 }));
  await clock.advance(5_000);
  await until(() => held?.signal.aborted === true && store.statements.length > before);
}

test.each([
  ['what fell due, and when something does next', () => findFallenDue(store.database, null, 5_000)],
  ['when something of the archive is due', () => findArchiveDueMs(store.database, account)],
  ['the next webhook of a lane', () => claimDelivery(store.database, { owner: 'owner 0', receiver: 'receiver 0' })],
  ['the next result to archive', () => claimArchiveWork(store.database, account)],
  ['what is under way', renew],
])('an index finds %s, however much waits', async (_what, ask) => {
  const { wholeTables, rows } = await costOf(ask);
  expect(wholeTables).toEqual([]);
  expect(rows).toBeLessThan(100);
});
