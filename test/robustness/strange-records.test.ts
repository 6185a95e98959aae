import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { readResults, readTask } from '../support/documents.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { schedules } from '../support/schedules.ts';
import { createImageTask, startTroubledGateway, type TroubledGateway } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

const describing = 'DescribeAigcImageTask';

const openDatabaseOf = ({ config }: TroubledGateway): Database =>
  createDatabase({ connectionString: config.databaseUrl ?? '' }, silentLogger);

/** PostgreSQL refuses every record of how a task with this prompt ended, with this SQLSTATE. */
async function refuseEnds(database: Database, prompt: string, sqlState: string): Promise<void> {
  await sql
    .raw(
      `create function refuse() returns trigger language plpgsql as $$ begin
        raise exception 'No.' using errcode = '${sqlState}'; end $$;
      create trigger refuse before update on task for each row
        when (new.prompt = '${prompt}' and new.status = 'DONE') execute function refuse()`,
    )
    .execute(database);
}

/** Another holder has the lease, for a moment: this process loses it. */
async function loseLease(database: Database): Promise<void> {
  await sql`update account_lease set holder = 'another', epoch = epoch + 1,
    expires_at = clock_timestamp() + interval '300 milliseconds'`.execute(database);
}

test.each(['XX001', '23514'])(
  'a row that PostgreSQL always refuses (%s) and a lost lease keep nobody from scheduling',
  async (sqlState) => {
    await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
    await using database = openDatabaseOf(gateway);
    await refuseEnds(database, 'poison', sqlState);
    const poisoned = await createImageTask(gateway, 'poison');
    await until(async () => gateway.upstream.sandbox.tasks().length > 0);
    expect(await untilEnded(gateway, await createImageTask(gateway, 'before'))).toMatchObject({ status: 'DONE' });
    await loseLease(database);
    await until(async () => !(await schedules(gateway)));
    await until(() => schedules(gateway));
    expect(await untilEnded(gateway, await createImageTask(gateway, 'after'))).toMatchObject({ status: 'DONE' });
    if (sqlState === '23514') {
      await until(async () => (await gateway.ask(readTask, { id: poisoned })).task?.status === 'FAIL');
      const { task } = await gateway.ask(readResults, { id: poisoned });
      expect(task).toMatchObject({ failure: { code: 'GATEWAY_ERROR', retryable: false }, canRetry: false });
      expect(task?.upstreamTaskId).not.toBeNull();
    }
  },
);

test('that no process schedules is told by readiness and metrics of one that could', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(20) });
  await using database = openDatabaseOf(gateway);
  await until(() => schedules(gateway));
  // The lease was left behind by another process, and can't be taken.
  await sql
    .raw(
      `create function refuse() returns trigger language plpgsql as $$ begin
        if new.holder <> 'dead' then raise exception 'No.'; end if; return new; end $$;
      create trigger refuse before insert or update on account_lease for each row execute function refuse();
      update account_lease set holder = 'dead', epoch = epoch + 1, expires_at = clock_timestamp() - interval '43 s'`,
    )
    .execute(database);
  const readiness = async () => await (await fetch(`${gateway.url}/health/ready`)).json();
  await until(async () => 'scheduling' in (await readiness()).details);
  const { ready, details } = await readiness();
  expect(ready).toBe(true);
  expect(details.scheduling).toMatch(/^no process has scheduled for \d+ seconds/);
  const metrics = async () => await (await fetch(`${gateway.url}/metrics`)).text();
  await until(async () => /^gateway_scheduling 0$/m.test(await metrics()));
  await until(async () => /^gateway_unscheduled_seconds [1-9]\d*$/m.test(await metrics()));

  await sql`drop trigger refuse on account_lease`.execute(database);
  await until(async () => !('scheduling' in (await readiness()).details) && (await schedules(gateway)));
});

test('words of the vendor that no database takes are made such, and the task ends as it did', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
  const { proxy } = gateway.upstream;
  const half = '\uD83D';
  const strange = {
    Status: 'DONE',
    Message: `${half} o\0k ${'x'.repeat(2_000)}`,
    RequestId: `${half}\0${'r'.repeat(5_000)}`,
    ImageUrls: [`https://files.example.com/${half}.png?sign=1`, `https://files.example.com/${'y'.repeat(20_000)}`],
  };
  const taskId = `4-AigcImage-${half}\0strange`;
  proxy.fault({
    kind: 'response',
    response: { TaskId: taskId, RequestId: half },
    action: 'CreateAigcImageTask',
    times: 1,
  });
  proxy.fault({ kind: 'response', response: strange, action: describing });
  const id = await createImageTask(gateway, 'strange words');
  expect(await untilEnded(gateway, id)).toMatchObject({ status: 'DONE' });
  const { task } = await gateway.ask(readResults, { id });
  expect(task).toMatchObject({
    upstreamTaskId: '4-AigcImage-\uFFFD strange',
    files: [{ url: 'https://files.example.com/\uFFFD.png?sign=1' }],
    warnings: [],
  });
});

test('a TaskId that is too long to be one leaves the task unconfirmed, and nothing stops', async () => {
  await using gateway = await startTroubledGateway({ createWaitMs: 0 }, { clock: createFastClock(10) });
  const TaskId = `4-AigcImage-${'x'.repeat(10_000)}`;
  gateway.upstream.proxy.fault({ kind: 'response', response: { TaskId }, action: 'CreateAigcImageTask', times: 1 });
  const id = await createImageTask(gateway, 'long');
  expect(await untilEnded(gateway, id)).toMatchObject({ failure: { code: 'SUBMISSION_UNCONFIRMED' } });
  expect(await untilEnded(gateway, await createImageTask(gateway, 'and on'))).toMatchObject({ status: 'DONE' });
});
