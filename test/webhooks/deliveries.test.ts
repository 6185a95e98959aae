import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { WebhookFile } from '../../src/tasks/webhook-files.ts';
import { countWebhooksToDeliver } from '../../src/store/webhook-deliveries.ts';
import { until } from '../support/until.ts';
import { moves, openWebhooks } from './open-webhooks.ts';
import { answering, idOf, read, startReceiver, verify } from './receiver.ts';

test('the end of a task is told once, signed, with what it made', async () => {
  await using receiver = await startReceiver();
  const file: WebhookFile = {
    id: 'a-file',
    type: 'IMAGE',
    url: 'https://vendor.example/result.png',
    expiresAt: new Date('2026-11-21T00:00:00Z'),
    duration: null,
  };
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin], findFiles: async () => [file] });
  const id = await world.hold(`${receiver.origin}/hook?for=me`);
  await world.move(id, moves.submitted('4-AigcImage-1'));
  await world.move(id, moves.running);
  await world.move(id, moves.done);

  expect(await world.untilTried(id, 1)).toMatchObject([
    { event: 'ENDED', revision: 4, attempt: 1, statusCode: 204, error: null, nextAttemptAt: null },
  ]);
  await world.letTimePass();
  await world.untilOver(id);
  expect(receiver.received).toHaveLength(1);
  const [received] = receiver.received;
  if (received === undefined) throw new Error('Nothing came.');
  expect(received.path).toBe('/hook?for=me');
  expect(received.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'aigc-task-gateway',
  });
  expect(verify(world.secret, received)).toEqual({
    type: 'task.ended',
    timestamp: expect.any(String),
    data: {
      id,
      kind: 'IMAGE',
      status: 'DONE',
      revision: 4,
      upstreamTaskId: '4-AigcImage-1',
      failure: null,
      files: [{ ...file, expiresAt: '2026-11-21T00:00:00.000Z' }],
    },
  });
  const forged = { ...received, body: received.body.replace('DONE', 'FAIL') };
  expect(() => verify(world.secret, forged)).toThrow('No matching signature');
});

test('every change is told where that was asked for, a failure with its reason', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const id = await world.hold(receiver.origin, ['CHANGED', 'ENDED']);
  await world.move(id, moves.submitted('4-AigcImage-1'));
  await world.untilTried(id, 1);
  await world.move(id, moves.canceled);
  await world.untilTried(id, 3);

  const told = receiver.received.map(read).map(({ type, data }) => `${type} ${data.revision} ${data.status}`);
  expect(told.slice(0, 1)).toEqual(['task.changed 2 WAIT']);
  expect(told.slice(1).toSorted()).toEqual(['task.changed 3 FAIL', 'task.ended 3 FAIL']);
  expect(receiver.received.map(read).at(-1)?.data.failure).toMatchObject({ code: 'CANCELED', retryable: true });
  expect(new Set(receiver.received.map(idOf)).size).toBe(3);
});

test('nobody is told of a task without a webhook, or of an earlier step by one for the end', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.submitted('4-AigcImage-1'));
  expect(await world.database.selectFrom('webhook_delivery').select('id').execute()).toEqual([]);
  await world.move(id, moves.canceled);
  expect(await world.database.selectFrom('webhook_delivery').select('event').execute()).toEqual([{ event: 'ENDED' }]);
});

test('a receiver that was away is told for a day, with the same id and the same facts, until it answers', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(500));
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  for (let tries = 1; tries <= 4; tries += 1) {
    await world.untilTried(id, tries);
    expect(await countWebhooksToDeliver(world.database)).toBe(1);
    if (tries === 4) receiver.behave(answering(200));
    await world.letTimePass();
  }
  const log = await world.untilTried(id, 5);
  expect(await countWebhooksToDeliver(world.database)).toBe(0);
  expect(world.outcomes).toEqual(['failed', 'failed', 'failed', 'failed', 'delivered']);

  expect(log.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
  expect(log[0]).toMatchObject({ statusCode: 500, error: 'The receiver answered 500.' });
  const pauses = log.slice(0, 4).map(({ at, nextAttemptAt }) => Number(nextAttemptAt) - Number(at));
  for (const [index, seconds] of [5, 30, 120, 600].entries()) {
    expect(pauses[index]).toBeGreaterThanOrEqual(seconds * 1_000);
    expect(pauses[index]).toBeLessThan(seconds * 1_100 + 5_000);
  }
  expect(log[4]).toMatchObject({ statusCode: 200, error: null, nextAttemptAt: null });
  expect(new Set(receiver.received.map(idOf)).size).toBe(1);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
});

test('a receiver that never answers well is given up in the end', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(500));
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  for (let tries = 1; tries <= 11; tries += 1) {
    await world.untilTried(id, tries);
    await world.letTimePass();
  }
  await world.untilOver(id);
  expect((await world.log(id)).at(-1)).toMatchObject({ attempt: 11, nextAttemptAt: null });
  expect(receiver.received).toHaveLength(11);
});

const tooOld = 'It was not sent: it has waited for more than a day.';
const cutOff = 'It was not sent: too many tries were cut off before they were over.';

test.each([
  ['that is older than a day', { created_at: sql<Date>`created_at - interval '25 h'` }, tooOld, 2],
  ['whose tries were cut off again and again', { attempt: 30 }, cutOff, 31],
])('a delivery %s is not sent any more, and its log says why', async (_name, change, error, attempt) => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(500));
  const ids = [await world.hold(receiver.origin), await world.hold(receiver.origin)];
  const [id = '', control = ''] = ids;
  for (const one of ids) await world.move(one, moves.canceled);
  for (const one of ids) await world.untilTried(one, 1);
  await world.database.updateTable('webhook_delivery').set(change).where('task_id', '=', id).execute();
  await world.letTimePass();

  await world.untilTried(control, 2);
  expect(await world.untilTried(id, 2)).toMatchObject([
    { attempt: 1, statusCode: 500 },
    { attempt, revision: 2, statusCode: null, error, nextAttemptAt: null },
  ]);
  await world.untilOver(id);
  expect(receiver.received.map(read).filter(({ data }) => data.id === id)).toHaveLength(1);
  expect(world.outcomes.toSorted()).toEqual(['failed', 'failed', 'failed', 'given-up']);
});

test('a receiver that is gone for good is told once', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(410));
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  await world.untilOver(id);
  await world.letTimePass();
  expect(await world.log(id)).toMatchObject([{ statusCode: 410, nextAttemptAt: null }]);
  expect(world.outcomes).toEqual(['given-up']);
});

test.each([429, 503])('a receiver that answers %i is left alone for as long as it asks for', async (status) => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(status, { 'retry-after': '7200' }));
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  const [tried] = await world.untilTried(id, 1);
  const hours = (Number(tried?.nextAttemptAt) - Number(tried?.at)) / 3_600_000;
  expect(hours).toBeGreaterThanOrEqual(2);
  expect(hours).toBeLessThan(2.01);
});

test('a change that was overtaken before it was told is not told any more', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(500));
  const id = await world.hold(receiver.origin, ['CHANGED']);
  await world.move(id, moves.submitted('4-AigcImage-1'));
  await world.untilTried(id, 1);
  await world.move(id, moves.running);
  await world.untilTried(id, 2);
  receiver.behave(answering(200));
  await world.letTimePass();
  await world.untilOver(id);

  expect(receiver.received.map(read).map(({ data }) => data.revision)).toEqual([2, 3, 3]);
  expect(new Set(receiver.received.map(idOf)).size).toBe(2);
  expect(await world.log(id), 'a try that will not come is not promised any more').toMatchObject([
    { revision: 2, attempt: 1, nextAttemptAt: null },
    { revision: 3, attempt: 1, nextAttemptAt: expect.any(Date) },
    { revision: 3, attempt: 2, nextAttemptAt: null },
  ]);
});

test('an end that is corrected is told as another one; what turned out to be none is told no more', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(500));
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.timedOut);
  await world.untilTried(id, 1);
  await world.move(id, moves.running);
  receiver.behave(answering(200));
  await world.letTimePass();
  await world.untilOver(id);
  expect(receiver.received).toHaveLength(1);

  await world.move(id, moves.done);
  await until(() => receiver.received.length === 2);
  const told = receiver.received.map(read).map(({ data }) => `${data.revision} ${data.status}`);
  expect(told).toEqual(['2 FAIL', '4 DONE']);
  expect(new Set(receiver.received.map(idOf)).size).toBe(2);
});

test('what a process that died left behind is told by the next look', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const id = await world.hold(receiver.origin);
  await world.record(id, moves.canceled);
  await world.webhooks.runOnce();
  expect(await world.log(id), 'not yet overdue').toEqual([]);
  await world.letTimePass();
  await world.untilTried(id, 1);
});

test('a file that was archived is a change, and no other end; what is delivered then has it', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(500));
  const id = await world.hold(receiver.origin, ['CHANGED', 'ENDED']);
  await world.move(id, moves.done);
  await world.untilTried(id, 2);
  receiver.behave(answering(200));
  await sql`update task set revision = revision + 1 where id = ${id}`.execute(world.database);
  await world.letTimePass();
  await world.untilOver(id);

  const told = receiver.received
    .slice(2)
    .map(read)
    .map(({ type, data }) => `${type} ${data.revision}`);
  expect(told.toSorted()).toEqual(['task.changed 3', 'task.ended 3']);
});

test('a receiver on this machine is reached by its name, where its origin is allowed', async () => {
  await using receiver = await startReceiver();
  const origin = receiver.origin.replace('127.0.0.1', 'localhost');
  await using world = await openWebhooks({ exemptOrigins: [origin] });
  const id = await world.hold(`${origin}/hook`);
  await world.move(id, moves.canceled);
  expect(await world.untilTried(id, 1)).toMatchObject([{ statusCode: 204 }]);
});

test('many replicas tell each thing once, also when all of them look for what was left behind', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin], replicas: 3 });
  const ids = await Promise.all(Array.from({ length: 20 }, () => world.hold(receiver.origin)));
  for (const id of ids.slice(0, 10)) await world.move(id, moves.canceled);
  await Promise.all(ids.slice(0, 10).map(world.untilOver));
  for (const id of ids.slice(10)) await world.record(id, moves.canceled);
  await world.letTimePass();
  await Promise.all(ids.map(world.untilOver));
  const told = receiver.received.map(read).map(({ data }) => data.id);
  expect(told.toSorted()).toEqual(ids.toSorted());
});

test('a hint that comes twice, too early or too late sends nothing', async () => {
  await using receiver = await startReceiver();
  await using witness = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin, witness.origin] });
  const answers: (() => void)[] = [];
  receiver.behave((response) => void answers.push(() => response.writeHead(500).end()));
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  await until(() => answers.length === 1);
  const hintAgain = async (): Promise<void> => {
    world.webhooks.due(id);
    // Once another one was told, it has looked.
    const other = await world.hold(witness.origin);
    await world.move(other, moves.canceled);
    await world.untilOver(other);
  };

  await hintAgain();
  answers[0]?.();
  expect(await world.untilTried(id, 1)).toMatchObject([{ nextAttemptAt: expect.any(Date) }]);
  await hintAgain();
  receiver.behave(answering(200));
  await world.letTimePass();
  await world.untilOver(id);
  await hintAgain();
  expect(receiver.received).toHaveLength(2);
  expect(await world.log(id)).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
});
