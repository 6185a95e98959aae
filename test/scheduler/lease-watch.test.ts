import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { watchLease } from '../../src/scheduler/lease-watch.ts';
import { createLeaseKeeper, findLeaseVacantMs } from '../../src/store/account-lease.ts';
import { account, openStore } from '../store/open-store.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

test('how long a lease has been free is told by database time', async () => {
  await using store = await openStore();
  const { database } = store;
  expect(await findLeaseVacantMs(database, account)).toBeNull();
  await createLeaseKeeper(database, account, 'one').acquire();
  expect(await findLeaseVacantMs(database, account)).toBe(0);
  await sql`update account_lease set expires_at = clock_timestamp() - interval '43 seconds'`.execute(database);
  const vacantMs = (await findLeaseVacantMs(database, account)) ?? 0;
  expect(vacantMs).toBeGreaterThanOrEqual(43_000);
  expect(vacantMs).toBeLessThan(60_000);
});

function startWatching() {
  const clock = createManualClock();
  const errors: string[] = [];
  const lease = { vacantMs: 0 as number | null, isAway: false };
  const watch = watchLease({
    findVacantMs: async () => {
      if (lease.isAway) throw new Error('The database is away.');
      return lease.vacantMs;
    },
    clock,
    logger: createRecordingLogger(errors),
  });
  return { clock, errors, lease, watch };
}

test('that no process schedules is told once, with the time since, and gone when one does', async () => {
  const { clock, errors, lease, watch } = startWatching();
  await clock.advance(60_000);
  expect(watch.trouble()).toBeNull();
  lease.vacantMs = 7_000;
  await clock.advance(5_000);
  lease.vacantMs = 12_000;
  await clock.advance(5_000);
  expect(watch.trouble()).toContain('12 seconds');
  expect(watch.unscheduledSeconds()).toBe(12);
  expect(errors).toEqual(['No process schedules: nothing is sent or polled.']);
  lease.vacantMs = 0;
  await clock.advance(5_000);
  expect(watch.trouble()).toBeNull();
  expect(watch.unscheduledSeconds()).toBe(0);
  watch[Symbol.dispose]();
  await clock.advance(0);
  expect(clock.sleepers()).toBe(0);
});

test.each([3_600_000, null])('what was before this process (%s ms) is no trouble until it lasts', async (vacantMs) => {
  const { clock, errors, lease, watch } = startWatching();
  lease.vacantMs = vacantMs;
  await clock.advance(5_000);
  expect(watch.trouble()).toBeNull();
  await clock.advance(5_000);
  expect(watch.trouble()).toContain('10 seconds');
  expect(errors).toHaveLength(1);
  watch[Symbol.dispose]();
});

test('while the database is away nothing is known of it', async () => {
  const { clock, errors, lease, watch } = startWatching();
  lease.vacantMs = 7_000;
  await clock.advance(10_000);
  lease.isAway = true;
  await clock.advance(5_000);
  expect(watch.unscheduledSeconds()).toBeNull();
  expect(watch.trouble()).toBeNull();
  expect(errors).toHaveLength(1);
  watch[Symbol.dispose]();
});
