import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { formatConnectionString } from '../support/connection-string.ts';
import { createTestDatabase } from '../support/database.ts';
import { followChanges, readTask } from '../support/documents.ts';
import { startGatewayProcess, upstreamEnvironment, type GatewayProcess } from '../support/gateway-process.ts';
import { letTimePass } from '../support/let-time-pass.ts';
import { listAll, type ListedTask } from '../support/list-all.ts';
import { schedules } from '../support/schedules.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';

const action = 'CreateAigcImageTask';
/** Longer than a claim may be old when it is sent. */
const freezeMs = 2_100;

/** Two gateways on one database behind a proxy: the one that schedules, to be frozen, and the other. */
async function startPair({ speed }: { speed: number }) {
  await using starting = new AsyncDisposableStack();
  const testDatabase = starting.use(await createTestDatabase());
  const database = starting.use(createDatabase(testDatabase.config, silentLogger));
  const databaseProxy = starting.use(await startTcpProxy(testDatabase.config));
  const upstream = starting.use(await startTroubledUpstream({ speed }));
  const proxied = { ...testDatabase.config, host: '127.0.0.1', port: databaseProxy.port };
  const start = async (): Promise<GatewayProcess> =>
    starting.use(
      await startGatewayProcess(starting.use(await createTemporaryDirectory()).path, {
        DATABASE_URL: formatConnectionString(proxied),
        LOG_LEVEL: 'warn',
        ...upstreamEnvironment(upstream.proxy.endpoint),
      }),
    );
  const [one, two] = await Promise.all([start(), start()]);
  await until(async () => (await schedules(one)) || (await schedules(two)));
  const [frozen, other] = (await schedules(one)) ? [one, two] : [two, one];
  const running = starting.move();
  return { frozen, other, database, databaseProxy, upstream, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

type Seen = { status: string; revision: number };

/** What a subscriber to all changes hears, task by task. It ends with its gateway. */
function watchAll(gateway: GatewayProcess): Map<string, Seen[]> {
  const seen = new Map<string, Seen[]>();
  const watch = async (): Promise<void> => {
    for await (const { data } of gateway.watch(followChanges, {})) {
      const task = data?.taskChanges.task;
      if (!task) continue;
      seen.set(task.id, [...(seen.get(task.id) ?? []), { status: task.status, revision: task.revision }]);
    }
  };
  void watch().catch(() => {});
  return seen;
}

/** Sends tasks one after another through a gateway until told to stop. */
function streamCreates(gateway: GatewayProcess, name: string) {
  const created: string[] = [];
  let stopped = false;
  const stream = async (): Promise<void> => {
    while (!stopped) created.push(await createImageTask(gateway, `${name} ${created.length}`));
  };
  const streaming = stream();
  return {
    created,
    async stop(): Promise<void> {
      stopped = true;
      await streaming;
    },
  };
}

test('a scheduler that freezes while others work on does no harm when it wakes', { timeout: 60_000 }, async () => {
  // A picture takes a fifth of a second: some are running when it freezes.
  await using pair = await startPair({ speed: 40 });
  const { frozen, other, database, upstream } = pair;
  // Time for Creates to be on their way.
  upstream.proxy.fault({ kind: 'delay', ms: 30, action });
  const watchers = [watchAll(frozen), watchAll(other)];
  const slow = await createImageTask(other, 'running all the while [slow]');
  const slowEnds = [frozen, other].map((gateway) => untilEnded(gateway, slow));
  const streams = [frozen, frozen, other, other].map((gateway, index) => streamCreates(gateway, `stream ${index}`));
  const elsewhere = streams.slice(2);
  const countCreated = (): number => elsewhere.reduce((sum, { created }) => sum + created.length, 0);
  await until(() => countCreated() > 20);

  const frozenAt = performance.now();
  frozen.signal('SIGSTOP');
  const createdBefore = countCreated();
  await letTimePass(database);
  await until(() => schedules(other));
  await until(() => countCreated() > createdBefore + 20 && performance.now() - frozenAt > freezeMs);
  const createdMeanwhile = countCreated();
  frozen.signal('SIGCONT');
  await until(() => countCreated() > createdMeanwhile + 10);
  await Promise.all(streams.map((stream) => stream.stop()));

  const isSettled = ({ status, failure, prompt }: ListedTask): boolean =>
    status === 'DONE' || (failure === 'SUBMISSION_UNCONFIRMED' && upstream.countOf(prompt) === 0);
  let tasks: ListedTask[] = [];
  await until(async () => {
    tasks = await listAll(other);
    return tasks.every(isSettled);
  });
  const created = [slow, ...streams.flatMap((stream) => stream.created)];
  expect(tasks.map(({ id }) => id).toSorted()).toEqual(created.toSorted());
  expect(upstream.paidTwice()).toEqual([]);
  expect(tasks.filter(({ failure }) => failure !== null).length).toBeLessThan(tasks.length / 4);
  for (const end of await Promise.all(slowEnds)) expect(end).toMatchObject({ status: 'DONE' });
  for (const seen of watchers) {
    await until(() => tasks.every(({ id, revision }) => seen.get(id)?.at(-1)?.revision === revision));
    for (const { id, status } of tasks) {
      const revisions = seen.get(id)?.map((state) => state.revision) ?? [];
      expect(revisions).toEqual([...new Set(revisions)].toSorted((one, two) => one - two));
      expect(seen.get(id)?.at(-1)?.status).toBe(status);
    }
  }
  // It stops scheduling once what it had under way is recorded.
  await until(async () => !(await schedules(frozen)));
  expect(await schedules(other)).toBe(true);
});

type Pair = Awaited<ReturnType<typeof startPair>>;

/** Lets the scheduling one stand still while the answer to its claim of a new task is on its way to it. */
async function freezeAfterClaim({ frozen, other, database, databaseProxy }: Pair, prompt: string) {
  databaseProxy.holdAnswerTo('attempt + 1');
  const created = createImageTask(other, prompt);
  await until(async () => {
    const { rows } = await sql`select from task where state = 'submitting'`.execute(database);
    return rows.length > 0;
  });
  frozen.signal('SIGSTOP');
  const frozenAt = performance.now();
  return {
    created,
    untilOver: () => until(() => performance.now() - frozenAt > freezeMs),
    thaw() {
      databaseProxy.deliver();
      frozen.signal('SIGCONT');
    },
  };
}

function countCreates({ upstream }: Pair): number {
  return upstream.proxy.requests.filter((request) => request.action === action).length;
}

test(
  'frozen between its claim and its Create, it does not send what was given up meanwhile',
  { timeout: 60_000 },
  async () => {
    await using pair = await startPair({ speed: 200 });
    const { frozen, other, database, upstream } = pair;
    const { created, untilOver, thaw } = await freezeAfterClaim(pair, 'given up');
    await letTimePass(database);
    const id = await created;
    const givenUp = { status: 'FAIL', failure: { code: 'SUBMISSION_UNCONFIRMED' } };
    expect(await untilEnded(other, id)).toMatchObject(givenUp);
    await untilOver();
    thaw();
    // It may also have stopped to wait for the answer to its claim.
    await until(() => /STALE_CLAIM|in doubt whether a task was claimed/.test(frozen.output()));
    await untilEnded(other, await createImageTask(other, 'the next'));
    expect(upstream.countOf('given up')).toBe(0);
    expect(countCreates(pair)).toBe(1);
    expect((await other.ask(readTask, { id })).task).toMatchObject(givenUp);
  },
);

test('control: frozen for a moment it sends what it claimed; for longer, it claims anew and sends once', async () => {
  await using pair = await startPair({ speed: 200 });
  const { frozen, other } = pair;
  const short = await freezeAfterClaim(pair, 'claimed once');
  short.thaw();
  expect(await untilEnded(other, await short.created)).toMatchObject({ status: 'DONE' });
  expect(frozen.output()).not.toContain('STALE_CLAIM');
  expect(countCreates(pair)).toBe(1);

  const long = await freezeAfterClaim(pair, 'claimed twice');
  await long.untilOver();
  long.thaw();
  expect(await untilEnded(other, await long.created)).toMatchObject({ status: 'DONE' });
  expect(frozen.output()).toContain('STALE_CLAIM');
  expect(countCreates(pair)).toBe(2);
});
