import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { createPublicRequests } from '../../src/outbound/public-requests.ts';
import { countWebhooksToDeliver } from '../../src/store/webhook-deliveries.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { until } from '../support/until.ts';
import { moves, openWebhooks } from './open-webhooks.ts';
import { answering, idOf, silent, startReceiver } from './receiver.ts';

test('a receiver that never answers has 15 seconds, and is tried again', async () => {
  await using receiver = await startReceiver();
  const clock = createManualClock();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin], clock });
  receiver.behave(silent);
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  await until(() => receiver.received.length === 1);
  await clock.advance(14_900);
  expect(await world.log(id), 'before the time is over').toEqual([]);
  await clock.advance(100);
  expect(await world.untilTried(id, 1)).toMatchObject([
    { statusCode: null, error: expect.stringContaining('15 seconds'), nextAttemptAt: expect.any(Date) },
  ]);
  receiver.behave(answering(200));
  await world.letTimePass();
  expect(await world.untilTried(id, 2)).toMatchObject([{}, { statusCode: 200, error: null }]);
});

test('an answer that comes too late changes nothing: the receiver is told again, under the same id', async () => {
  await using receiver = await startReceiver();
  const clock = createManualClock();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin], clock });
  const late: ServerResponse[] = [];
  receiver.behave((response) => void late.push(response));
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  await until(() => late.length === 1);
  await clock.advance(15_000);
  await world.untilTried(id, 1);
  for (const response of late) response.writeHead(200).end();
  receiver.behave(answering(200));
  await world.letTimePass();
  const log = await world.untilTried(id, 2);
  expect(log.map(({ statusCode }) => statusCode)).toEqual([null, 200]);
  expect(new Set(receiver.received.map(idOf)).size).toBe(1);
});

test('a redirect into a private network is a failure, and is not followed', async () => {
  await using inside = await startReceiver();
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin, inside.origin] });
  receiver.behave(answering(307, { location: `${inside.origin}/admin` }));
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  expect(await world.untilTried(id, 1)).toMatchObject([
    { statusCode: 307, error: 'The receiver answered 307: redirects are not followed.' },
  ]);
  expect(inside.received).toEqual([]);

  const control = await world.hold(`${inside.origin}/admin`);
  await world.move(control, moves.canceled);
  await world.untilTried(control, 1);
  expect(inside.received).toHaveLength(1);
});

test('a name that points to a private address after it was accepted is not called, and given up', async () => {
  await using inside = await startReceiver();
  const { port } = new URL(inside.origin);
  let addresses: string[] = [];
  const asked: string[] = [];
  const lookup = async (name: string) => {
    asked.push(name);
    return addresses;
  };
  const requests = createPublicRequests({ exemptOrigins: [], clock: systemClock, lookup });
  await using world = await openWebhooks({ requests });
  const id = await world.hold(`https://rebound.example:${port}/hook`);
  await world.move(id, moves.canceled);
  const [first] = await world.untilTried(id, 1);
  expect(first).toMatchObject({ statusCode: null, nextAttemptAt: expect.any(Date) });

  addresses = ['93.184.215.14', '127.0.0.1'];
  await world.letTimePass();
  const [, second] = await world.untilTried(id, 2);
  expect(second).toMatchObject({
    statusCode: null,
    error: 'The URL points into a private network. Only public addresses are called.',
    nextAttemptAt: null,
  });
  await world.untilOver(id);
  expect(asked).toEqual(['rebound.example', 'rebound.example']);
  expect(inside.received).toEqual([]);
});

test('a plain http receiver, or one in a private network, is not called once its origin is no longer allowed', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks();
  for (const url of [receiver.origin, receiver.origin.replace('http:', 'https:')]) {
    const id = await world.hold(url);
    await world.move(id, moves.canceled);
    expect(await world.untilTried(id, 1)).toMatchObject([{ statusCode: null, nextAttemptAt: null }]);
  }
  expect(receiver.received).toEqual([]);

  await using control = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const id = await control.hold(receiver.origin);
  await control.move(id, moves.canceled);
  expect(await control.untilTried(id, 1)).toMatchObject([{ statusCode: 204 }]);
});

test('a receiver that answers without end has answered, and is hung up on', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  let written = 0;
  let closed = false;
  receiver.behave((response) => {
    response.on('close', () => void (closed = true));
    response.on('error', () => {});
    response.writeHead(200);
    const flood = (): void => {
      while (!closed && response.write('x'.repeat(1_024))) written += 1_024;
      if (!closed) response.once('drain', flood);
    };
    flood();
  });
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  expect(await world.untilTried(id, 1)).toMatchObject([{ statusCode: 200, error: null }]);
  await until(() => closed);
  expect(written).toBeLessThan(16 * 1_024 * 1_024);
});

test('a receiver that hangs up is tried again', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave((response) => response.destroy());
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  expect(await world.untilTried(id, 1)).toMatchObject([
    { statusCode: null, error: 'The connection ended before the answer did.', nextAttemptAt: expect.any(Date) },
  ]);
});

test('a receiver that hangs holds up nobody but itself', async () => {
  await using stuck = await startReceiver();
  await using quick = await startReceiver();
  // Its 15 seconds never pass.
  const clock = createManualClock();
  await using world = await openWebhooks({ exemptOrigins: [stuck.origin, quick.origin], clock });
  stuck.behave(silent);
  for (let number = 0; number < 30; number += 1) await world.move(await world.hold(stuck.origin), moves.canceled);
  await until(() => stuck.received.length === 4);
  for (let number = 0; number < 10; number += 1) await world.move(await world.hold(quick.origin), moves.canceled);
  await until(() => quick.received.length === 10);
  expect(stuck.received).toHaveLength(4);
});

test('however many wait for a receiver that hangs, another one is told at once', async () => {
  await using stuck = await startReceiver();
  await using quick = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [stuck.origin, quick.origin], clock: createManualClock() });
  stuck.behave(silent);
  /** What is asked of the deliveries from the end of a task until the quick receiver hears of it. */
  async function countStatements(): Promise<number> {
    const before = { told: quick.received.length, statements: world.statements.length };
    await world.move(await world.hold(quick.origin), moves.canceled);
    await until(() => quick.received.length > before.told);
    const ofDeliveries = ({ sql: text }: { sql: string }): boolean => /update "?webhook_delivery/.test(text);
    return world.statements.slice(before.statements).filter(ofDeliveries).length;
  }
  const alone = await countStatements();

  await world.pileUp(stuck.origin, 3_000);
  await until(() => stuck.received.length === 4);
  expect(await countWebhooksToDeliver(world.database)).toBeGreaterThan(3_000);
  expect(await countStatements(), 'while they wait').toBeLessThan(alone + 10);
  await world.letTimePass();
  expect(await countStatements(), 'after they fell due together').toBeLessThan(alone + 10);
  expect(stuck.received).toHaveLength(4);
});

test('those that wait for a receiver that hangs are told as soon as it answers again', async () => {
  await using receiver = await startReceiver();
  const clock = createManualClock();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin], clock });
  receiver.behave(silent);
  await world.pileUp(receiver.origin, 120);
  await until(() => receiver.received.length === 4);
  await clock.advance(15_000);
  await until(() => receiver.received.length === 5);
  receiver.behave(answering(204));
  await clock.advance(15_000);
  // All but those that it kept waiting.
  await until(() => world.outcomes.filter((outcome) => outcome === 'delivered').length >= 116);
});

test('what is under way or in line when the gateway stops is handed on, as if it had not been tried', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin], clock: createManualClock() });
  receiver.behave(silent);
  const ids = await Promise.all(Array.from({ length: 6 }, () => world.hold(receiver.origin)));
  for (const id of ids) await world.move(id, moves.canceled);
  const rows = world.database.selectFrom('webhook_delivery').select(['attempt', 'due_at', 'task_id']);
  await until(() => receiver.received.length === 4);
  expect(await rows.where('attempt', '=', 1).execute()).toHaveLength(4);
  await world.webhooks[Symbol.asyncDispose]();
  const left = await rows.execute();
  expect(left).toHaveLength(6);
  for (const row of left) {
    expect(row).toMatchObject({ attempt: 0, due_at: expect.any(Date) });
    expect(Number(row.due_at)).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(await world.log(row.task_id)).toEqual([]);
  }
});
