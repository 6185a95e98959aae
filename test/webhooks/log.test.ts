import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { findTaskWebhookAttempts } from '../../src/tasks/find-tasks.ts';
import { owner } from '../store/open-store.ts';
import { moves, openWebhooks } from './open-webhooks.ts';
import { answering, startReceiver } from './receiver.ts';

test('a log is its owner’s alone', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  expect(await world.untilTried(id, 1)).toHaveLength(1);
  expect(await world.log(id, 'grace')).toEqual([]);
});

test('the logs of many tasks are read at once, in their order', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  receiver.behave(answering(500));
  const ids = [await world.hold(receiver.origin), await world.hold(receiver.origin)];
  for (const id of ids) await world.move(id, moves.canceled);
  for (const id of ids) await world.untilTried(id, 1);
  await world.letTimePass();
  for (const id of ids) await world.untilTried(id, 2);

  const before = world.statements.length;
  const asked = [ids[1] ?? '', randomUUID(), 'malformed', ids[0] ?? ''];
  const logs = await findTaskWebhookAttempts({ database: world.database }, { owner }, asked);
  expect(logs.map((log) => log.map(({ taskId, attempt }) => [taskId, attempt]))).toEqual([
    [
      [ids[1], 1],
      [ids[1], 2],
    ],
    [],
    [],
    [
      [ids[0], 1],
      [ids[0], 2],
    ],
  ]);
  const read = world.statements.slice(before).filter(({ sql: text }) => text.includes('"webhook_attempt"'));
  expect(read).toHaveLength(1);
});

test('a task’s log keeps its newest fifty lines', async () => {
  await using receiver = await startReceiver();
  await using world = await openWebhooks({ exemptOrigins: [receiver.origin] });
  const id = await world.hold(receiver.origin);
  await world.move(id, moves.canceled);
  await world.untilTried(id, 1);
  const [delivery] = await world.database.selectFrom('webhook_delivery').select('id').execute();
  const at = (number: number) => new Date(Date.UTC(2026, 0, 1) + number * 1_000);
  const lines = Array.from({ length: 60 }, (_, number) => ({
    delivery_id: delivery?.id ?? '',
    attempt: 100 + number,
    task_id: id,
    revision: 2,
    at: at(number),
    status_code: 500,
    error: 'The receiver answered 500.',
    next_attempt_at: null,
  }));
  await world.database.deleteFrom('webhook_attempt').execute();
  await world.database.insertInto('webhook_attempt').values(lines).execute();

  const other = await world.hold(receiver.origin);
  await world.move(other, moves.canceled);
  await world.untilTried(other, 1);
  expect(await world.log(id), 'another task’s try').toHaveLength(60);
  await world.database
    .updateTable('webhook_delivery')
    .set({ due_at: new Date(0) })
    .where('task_id', '=', id)
    .execute();
  await world.webhooks.runOnce();
  await world.untilOver(id);
  const log = await world.log(id);
  expect(log).toHaveLength(50);
  expect(log[0]?.at).toEqual(at(11));
  expect(log.at(-1)).toMatchObject({ attempt: 2, statusCode: 204 });
});
