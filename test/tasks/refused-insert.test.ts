import { Kysely, PostgresDialect, sql } from 'kysely';
import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { TemporarilyUnavailableError } from '../../src/domain/errors.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createPool } from '../../src/store/database.ts';
import { createFairPool } from '../../src/store/fair-pool.ts';
import { createOutageLog } from '../../src/store/outage-log.ts';
import type { Tables } from '../../src/store/tables.ts';
import { createTask } from '../../src/tasks/create-task.ts';
import { ada, countTasks, openTasks } from './open-tasks.ts';

const lighthouse: TaskRequest = { kind: 'IMAGE', prompt: 'a lighthouse' };

test('an insert that got no connection is not tried a second time: that would double the load', async () => {
  await using tasks = await openTasks();
  const outages = createOutageLog(silentLogger, systemClock);
  const fair = createFairPool(createPool({ ...tasks.connection, max: 1 }, silentLogger), 20, outages);
  let asked = 0;
  const connect: typeof fair.connect = () => {
    asked += 1;
    return fair.connect();
  };
  await using database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: { ...fair, connect } }) });
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const holding = database.connection().execute(() => held);
  await expect.poll(() => asked).toBe(1);

  const refusal = createTask({ ...tasks.dependencies, database }, ada, lighthouse, null);
  await expect(refusal).rejects.toBeInstanceOf(TemporarilyUnavailableError);
  expect(asked).toBe(2);
  letGo();
  await holding;
});

test.each([
  ['that took too long, and was undone,', '57014', TemporarilyUnavailableError],
  ['that breaks a rule of the database', '23514', DatabaseError],
])('an insert %s is not tried a second time', async (_what, code, expected) => {
  await using tasks = await openTasks();
  const { database } = tasks;
  // What a sequence has counted is not undone with the statement.
  await sql`create sequence tries`.execute(database);
  await sql
    .raw(
      `create function refuse() returns trigger language plpgsql as $$ begin
        perform nextval('tries'); raise exception using errcode = '${code}', message = 'no'; end $$;
      create trigger refuse before insert on task for each row execute function refuse()`,
    )
    .execute(database);

  await expect(tasks.useCases.createTask(ada, lighthouse, null)).rejects.toBeInstanceOf(expected);
  const { rows } = await sql<{ last: string }>`select last_value as last from tries`.execute(database);
  expect(rows).toEqual([{ last: '1' }]);
  expect(await countTasks(database)).toBe(0);
});

test('of creates that are written together, one that breaks a rule of the database is refused alone', async () => {
  await using tasks = await openTasks();
  await sql`alter table task add check (prompt <> 'a broken one')`.execute(tasks.database);
  const creates = Array.from({ length: 12 }, (_, index) =>
    tasks.useCases.createTask(ada, { kind: 'IMAGE', prompt: index === 6 ? 'a broken one' : `prompt ${index}` }, null),
  );
  const results = await Promise.allSettled(creates);
  const refused = results.filter(({ status }) => status === 'rejected');
  expect(refused).toEqual([{ status: 'rejected', reason: expect.any(DatabaseError) }]);
  const recorded = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(new Set(recorded.map(({ request }) => request?.prompt)).size).toBe(11);
  expect(new Set(tasks.handedOver)).toEqual(new Set(recorded.map(({ id }) => id)));
});
