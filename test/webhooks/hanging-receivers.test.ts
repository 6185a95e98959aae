import { expect, test } from 'vitest';
import { createManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { moves, openWebhooks, type TestWebhooks } from './open-webhooks.ts';
import { answering, startReceiver, type Receiver } from './receiver.ts';

/** A host on which each path that begins with `/hangs` is a receiver that never answers. Time stands still until it is moved. */
async function openHost() {
  await using opening = new AsyncDisposableStack();
  const receiver = opening.use(await startReceiver());
  const clock = createManualClock();
  const elsewhere = opening.use(await startReceiver());
  const exemptOrigins = [receiver.origin, elsewhere.origin];
  const world = opening.use(await openWebhooks({ exemptOrigins, clock }));
  receiver.behave((response, received) => {
    if (!received.path.startsWith('/hangs')) answering(204)(response, received);
  });
  const open = opening.move();
  return { receiver, elsewhere, clock, world, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

const pathsOf = ({ received }: Receiver): string[] => received.map(({ path }) => path);

/** Waits until a path was told as often, or more. */
async function untilTold(receiver: Receiver, path: string, count = 1): Promise<void> {
  await until(() => pathsOf(receiver).filter((one) => one.startsWith(path)).length >= count);
}

async function tell({ hold, move }: TestWebhooks, url: string, of: string): Promise<void> {
  await move(await hold(url, ['ENDED'], of), moves.canceled);
}

test('another owner, and another path of the same owner, are told at once on the host of a receiver that hangs', async () => {
  await using host = await openHost();
  const { receiver, clock, world } = host;
  await world.pileUp(`${receiver.origin}/hangs`, 30, 'ada');
  await untilTold(receiver, '/hangs', 4);
  await tell(world, `${receiver.origin}/of-grace`, 'grace');
  await tell(world, `${receiver.origin}/of-ada`, 'ada');
  await untilTold(receiver, '/of-grace');
  await untilTold(receiver, '/of-ada');

  // Nor do they wait when it is known to be slow, or has hung up again and again.
  for (let round = 2; round <= 4; round += 1) {
    await clock.advance(15_000);
    await untilTold(receiver, '/hangs', 3 + round);
    await tell(world, `${receiver.origin}/of-grace`, 'grace');
    await tell(world, `${receiver.origin}/of-ada`, 'ada');
    await untilTold(receiver, '/of-grace', round);
    await untilTold(receiver, '/of-ada', round);
  }
  expect(pathsOf(receiver).filter((path) => path === '/hangs').length, 'while it hangs').toBeLessThanOrEqual(7);
});

test('a hundred owners are told on the host of a receiver that hangs', async () => {
  await using host = await openHost();
  const { receiver, world } = host;
  await world.pileUp(`${receiver.origin}/hangs`, 200, 'mallory');
  await untilTold(receiver, '/hangs', 4);
  const owners = Array.from({ length: 100 }, (_, number) => `owner ${number}`);
  for (const [number, owner] of owners.entries()) await tell(world, `${receiver.origin}/good/${number}`, owner);
  await untilTold(receiver, '/good/', 100);
  expect(new Set(pathsOf(receiver).filter((path) => path.startsWith('/good/'))).size).toBe(100);
});

test('an owner all of whose fifty paths of a host hang keeps no other owner waiting, nor its own other host', async () => {
  await using host = await openHost();
  const { receiver, elsewhere, clock, world } = host;
  for (let path = 0; path < 50; path += 1) await tell(world, `${receiver.origin}/hangs/${path}`, 'mallory');
  await untilTold(receiver, '/hangs', 6);
  await clock.advance(1_000);
  await untilTold(receiver, '/hangs', 8);
  await tell(world, `${receiver.origin}/of-grace`, 'grace');
  await untilTold(receiver, '/of-grace');
  await tell(world, elsewhere.origin, 'mallory');
  await untilTold(elsewhere, '/');
  expect(pathsOf(receiver).filter((path) => path.startsWith('/hangs'))).toHaveLength(8);
});

test('where as many owners as a host has places hang, the next owner is told after a second', async () => {
  await using host = await openHost();
  const { receiver, elsewhere, clock, world } = host;
  for (let number = 0; number < 12; number += 1) {
    await tell(world, `${receiver.origin}/hangs/${number}`, `owner ${number}`);
  }
  await untilTold(receiver, '/hangs', 12);
  await tell(world, `${receiver.origin}/of-grace`, 'grace');
  await tell(world, elsewhere.origin, 'grace');
  await until(async () => (await world.database.selectFrom('webhook_attempt').select('at').execute()).length === 1);
  expect(pathsOf(receiver)).not.toContain('/of-grace');
  await clock.advance(1_000);
  await untilTold(receiver, '/of-grace');
});
