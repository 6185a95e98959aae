import { setImmediate as turn } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabaseClock } from '../../src/store/database-clock.ts';
import type { Database } from '../../src/store/database.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openStore } from './open-store.ts';

const hourMs = 3_600_000;

/** How far it is from the database's time: half of what asking took is not known. */
async function expectRight(clock: Clock, database: Database): Promise<void> {
  const before = clock.now();
  const { rows } = await sql<{ time: Date }>`select clock_timestamp() as time`.execute(database);
  const time = rows[0]?.time.getTime() ?? Number.NaN;
  expect(time).toBeGreaterThan(before - 50);
  expect(time).toBeLessThan(clock.now() + 50);
}

/** The machine's clocks, which a test can set and hold up. */
function createMachine() {
  const behind = { wall: 0, monotonic: 0 };
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() - behind.wall,
    monotonic: () => systemClock.monotonic() - behind.monotonic,
  };
  return { clock, behind };
}

test.for([0, 10 * 60_000, -10 * 60_000, 30 * hourMs])(
  'it is the database’s time, whatever the machine’s is: %i ms behind',
  async (behindMs) => {
    await using store = await openStore();
    const { clock: machineClock, behind } = createMachine();
    behind.wall = behindMs;
    await using clock = await createDatabaseClock(store.database, { machineClock, logger: silentLogger });
    await expectRight(clock, store.database);
    expect(Math.abs(clock.aheadMs() + behindMs)).toBeLessThan(50);
  },
);

test('setting the machine’s clock changes nothing', async () => {
  await using store = await openStore();
  const { clock: machineClock, behind } = createMachine();
  await using clock = await createDatabaseClock(store.database, { machineClock, logger: silentLogger });
  behind.wall = 2 * hourMs;
  await expectRight(clock, store.database);
  expect(Math.abs(clock.aheadMs() + 2 * hourMs)).toBeLessThan(50);
});

test('after the machine slept, it is right as soon as it has to be', async () => {
  await using store = await openStore();
  const { clock: machineClock, behind } = createMachine();
  await using clock = await createDatabaseClock(store.database, { machineClock, logger: silentLogger });
  // Asleep, the wall clock goes on and the monotonic one does not.
  behind.monotonic = 2 * hourMs;
  // Control: nothing has told it yet.
  expect(clock.now()).toBeLessThan(systemClock.now() - hourMs);
  await clock.settle();
  await expectRight(clock, store.database);
});

test('it asks the database once to begin with, then every five seconds, and goes on without it', async () => {
  await using store = await openStore();
  const machineClock = createManualClock();
  await using clock = await createDatabaseClock(store.database, { machineClock, logger: silentLogger });
  await expectRight(clock, store.database);
  while (machineClock.sleepers() === 0) await turn();
  const before = clock.now();
  await machineClock.advance(4_999);
  expect(clock.now()).toBe(before + 4_999);
  await machineClock.advance(1);
  while (machineClock.sleepers() === 0) await turn();
  // The database's clock was not moved by the test.
  await expectRight(clock, store.database);

  const { now } = clock;
  await store.database.destroy();
  await machineClock.advance(60_000);
  expect(now()).toBeGreaterThan(before + 60_000);
});
