import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createLeaseKeeper } from '../../src/store/account-lease.ts';
import { findLearnedCurves, saveLearnedCurves } from '../../src/store/model-durations.ts';
import { account, openStore, type TestStore } from './open-store.ts';

async function expire({ database }: TestStore): Promise<void> {
  await sql`update account_lease set expires_at = clock_timestamp()`.execute(database);
}

test('a lease has one holder, who keeps its epoch for as long as it is renewed', async () => {
  await using store = await openStore();
  const [one, other] = [
    createLeaseKeeper(store.database, account, 'one'),
    createLeaseKeeper(store.database, account, 'other'),
  ];
  const lease = await one.acquire();
  expect(lease).not.toBeNull();
  expect(await other.acquire()).toBeNull();
  expect(await one.acquire()).toEqual(lease);
  // Accounts don't get in each other's way.
  expect(await createLeaseKeeper(store.database, 'another', 'other').acquire()).not.toBeNull();
});

test('every takeover has a higher epoch, also by a holder who came too late to renew', async () => {
  await using store = await openStore();
  const keepers = ['one', 'other', 'other', 'one'].map((holder) => createLeaseKeeper(store.database, account, holder));
  const epochs: bigint[] = [];
  for (const keeper of keepers) {
    epochs.push((await keeper.acquire())?.epoch ?? -1n);
    await expire(store);
  }
  expect(epochs).toEqual(epochs.map((_, index) => (epochs[0] ?? 0n) + BigInt(index)));
});

test('a lease that was given back is free at once, and only its holder can give it back', async () => {
  await using store = await openStore();
  const [one, other] = [
    createLeaseKeeper(store.database, account, 'one'),
    createLeaseKeeper(store.database, account, 'other'),
  ];
  await one.acquire();
  await other.release();
  expect(await other.acquire()).toBeNull();
  await one.release();
  expect(await other.acquire()).not.toBeNull();
});

test('of many who want a free lease at once, one gets it', async () => {
  await using store = await openStore();
  const wanted = Array.from({ length: 16 }, (_, number) =>
    createLeaseKeeper(store.database, account, `holder ${number}`).acquire(),
  );
  expect((await Promise.all(wanted)).filter((lease) => lease !== null)).toHaveLength(1);
});

test('what was learned is replaced as a whole, by account, kind, model and version', async () => {
  await using store = await openStore();
  const { database } = store;
  const curve = { clock: 'waiting', memory: 30, score: -0.5, events: [0.5, 0], exposure: [1, 2.25] } as const;
  const learned = { kind: 'VIDEO', model: 'Vidu', version: 'q2', ...curve } as const;
  await saveLearnedCurves(database, account, []);
  await saveLearnedCurves(database, account, [learned, { ...learned, version: '' }]);
  await saveLearnedCurves(database, account, [{ ...learned, events: [1, 1] }]);
  await saveLearnedCurves(database, 'another', [learned]);
  const found = await findLearnedCurves(database, account);
  expect(found.toSorted((one, other) => one.version.localeCompare(other.version))).toEqual([
    { ...learned, version: '' },
    { ...learned, events: [1, 1] },
  ]);
});

/** As if so many seconds had gone by since the lease was last touched. */
async function letSecondsPass({ database }: TestStore, seconds: number): Promise<void> {
  await sql`update account_lease set expires_at = expires_at - make_interval(secs => ${seconds}),
    wanted_at = wanted_at - make_interval(secs => ${seconds})`.execute(database);
}

describe('a process whose clock is off', () => {
  function keepersOf({ database }: TestStore) {
    const clock = { isOff: true };
    const wrong = createLeaseKeeper(database, account, 'wrong', { isClockOff: () => clock.isOff });
    return { wrong, right: createLeaseKeeper(database, account, 'right'), clock };
  }

  test('gives the lease away as soon as another one asks for it', async () => {
    await using store = await openStore();
    const { wrong, right } = keepersOf(store);
    const lease = await wrong.acquire();
    expect(lease).not.toBeNull();
    expect(await right.acquire()).toBeNull();
    expect(await wrong.acquire()).toBeNull();
    // Until it has given it back, nobody else schedules.
    expect(await right.acquire()).toBeNull();
    await wrong.release();
    expect(await right.acquire()).toEqual({ epoch: (lease?.epoch ?? 0n) + 1n });
    expect(await wrong.acquire()).toBeNull();
  });

  test('goes on for as long as no other process wants the lease', async () => {
    await using store = await openStore();
    const { wrong } = keepersOf(store);
    const lease = await wrong.acquire();
    for (let renewal = 0; renewal < 3; renewal += 1) {
      await letSecondsPass(store, 2);
      expect(await wrong.acquire()).toEqual(lease);
    }
  });

  test('goes on when another one that wanted the lease is gone', async () => {
    await using store = await openStore();
    const { wrong, right } = keepersOf(store);
    await wrong.acquire();
    await right.acquire();
    await wrong.release();
    expect(await wrong.acquire()).toBeNull();
    await letSecondsPass(store, 7);
    expect(await wrong.acquire()).not.toBeNull();
  });

  test('takes over last: when the others have had the time to', async () => {
    await using store = await openStore();
    const { wrong, right } = keepersOf(store);
    await right.acquire();
    await letSecondsPass(store, 11);
    expect(await wrong.acquire()).toBeNull();
    await letSecondsPass(store, 6);
    expect(await wrong.acquire()).not.toBeNull();
  });

  test('keeps the lease from nobody else like it', async () => {
    await using store = await openStore();
    const { wrong } = keepersOf(store);
    const alike = createLeaseKeeper(store.database, account, 'alike', { isClockOff: () => true });
    const lease = await wrong.acquire();
    expect(await alike.acquire()).toBeNull();
    expect(await wrong.acquire()).toEqual(lease);
  });

  test('keeps the lease once its clock was set right', async () => {
    await using store = await openStore();
    const { wrong, right, clock } = keepersOf(store);
    const lease = await wrong.acquire();
    await right.acquire();
    clock.isOff = false;
    expect(await wrong.acquire()).toEqual(lease);
    await right.acquire();
    clock.isOff = true;
    await letSecondsPass(store, 7);
    expect(await wrong.acquire()).toEqual(lease);
  });
});

describe('the lease of a process that is surely gone', () => {
  test('is not waited for, and has a higher epoch', async () => {
    await using store = await openStore();
    const { database } = store;
    const gone = await createLeaseKeeper(database, account, 'folder/first').acquire();
    const next = createLeaseKeeper(database, account, 'folder/second', { formerHolders: 'folder/' });
    expect(await next.acquire()).toEqual({ epoch: (gone?.epoch ?? 0n) + 1n });
    expect(await next.acquire()).toEqual({ epoch: (gone?.epoch ?? 0n) + 1n });
  });

  test('is that of its own folder only', async () => {
    await using store = await openStore();
    const { database } = store;
    await createLeaseKeeper(database, account, 'other folder/first').acquire();
    const options = { formerHolders: 'folder/' };
    expect(await createLeaseKeeper(database, account, 'folder/second', options).acquire()).toBeNull();
  });

  test('is taken once: two that have one name don’t take it from each other for ever', async () => {
    await using store = await openStore();
    const options = { formerHolders: 'folder/' };
    const [one, copy] = ['folder/one', 'folder/copy'].map((holder) =>
      createLeaseKeeper(store.database, account, holder, options),
    );
    expect(await one?.acquire()).not.toBeNull();
    expect(await copy?.acquire()).not.toBeNull();
    expect(await one?.acquire()).toBeNull();
    expect(await copy?.acquire()).not.toBeNull();
  });
});
