import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { afterAll, expect, onTestFailed, test } from 'vitest';
import { hintChannels } from '../../src/domain/task/task-hint.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import type { FollowTaskSubscription } from '../generated/graphql.ts';
import { formatConnectionString } from '../support/connection-string.ts';
import { createTestDatabase } from '../support/database.ts';
import { followTask, readTask } from '../support/documents.ts';
import { startGatewayProcess, upstreamEnvironment, type GatewayProcess } from '../support/gateway-process.ts';
import { letTimePass } from '../support/let-time-pass.ts';
import { listAll } from '../support/list-all.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask, startTroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { untilEnded } from '../support/until-ended.ts';
import { gapAfterSending, gaps, type Gap, type Standing } from './create-gaps.ts';

const action = 'CreateAigcImageTask';

type World = Awaited<ReturnType<typeof openWorld>>;

/** A gateway that is killed and started again and again, and what outlives it. */
async function openWorld() {
  await using opening = new AsyncDisposableStack();
  const directory = opening.use(await createTemporaryDirectory());
  const testDatabase = opening.use(await createTestDatabase());
  const database = opening.use(createDatabase(testDatabase.config, silentLogger));
  const databaseProxy = opening.use(await startTcpProxy(testDatabase.config));
  const upstream = opening.use(await startTroubledUpstream());
  const proxied = { ...testDatabase.config, host: '127.0.0.1', port: databaseProxy.port };
  const start = (): Promise<GatewayProcess> =>
    startGatewayProcess(directory.path, {
      DATABASE_URL: formatConnectionString(proxied),
      CREATE_WAIT_MS: '0',
      ...upstreamEnvironment(upstream.proxy.endpoint),
    });
  let gateway = await start();
  opening.defer(() => gateway[Symbol.asyncDispose]());
  const open = opening.move();
  return {
    database,
    databaseProxy,
    upstream,
    gateway: () => gateway,
    /** In a process that is dead already. */
    async restart(): Promise<GatewayProcess> {
      await gateway[Symbol.asyncDispose]();
      return (gateway = await start());
    },
    readAnswers: () => readFile(join(directory.path, 'answers.log'), 'utf8').catch(() => ''),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

let opened: World | null = null;

async function closeWorld(): Promise<void> {
  await opened?.[Symbol.asyncDispose]();
  opened = null;
}

/** Each gateway that was started again is the next to be killed: starting is what takes the time. */
async function enterWorld(): Promise<World> {
  onTestFailed(closeWorld);
  return (opened ??= await openWorld());
}

afterAll(closeWorld);

type State = FollowTaskSubscription['taskStatus'];
type Row = { id: string; revision: number; text: string };

async function findRow({ database }: World, prompt: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select id, revision, concat_ws(' ', state, attempt, case when upstream_task_id <> '' then 'with TaskId' end) as text
    from task where prompt = ${prompt}`.execute(database);
  return rows[0];
}

function stopAt({ hold, fault }: Gap, { databaseProxy, upstream }: World): void {
  // What is recorded stays as it is: nobody gets to know that it has begun.
  upstream.proxy.fault({ kind: 'lost-hang', action: 'DescribeAigcImageTask' });
  if (fault) upstream.proxy.fault({ ...fault, action });
  if (hold?.statement !== undefined) databaseProxy.holdStatement(hold.statement);
  if (hold?.answerTo !== undefined) databaseProxy.holdAnswerTo(hold.answerTo);
}

/** Until the TaskId is on disk. */
async function takeDatabaseAway({ databaseProxy, readAnswers }: World): Promise<void> {
  databaseProxy.goAway();
  await until(async () => (await readAnswers()).includes('"upstreamTaskId"'));
}

/** What is still on its way arrives, if it is to, or is lost. */
async function settleTraffic(gap: Gap, world: World, prompt: string): Promise<void> {
  const { databaseProxy, upstream } = world;
  if (gap.late !== undefined) {
    databaseProxy.deliver();
    await until(async () => (await findRow(world, prompt))?.text === gap.late);
  }
  databaseProxy.cut();
  databaseProxy.comeBack();
  await upstream.proxy.clear();
}

/** Kills the gateway in a gap, and shows that it was there. Answers the id that the caller was told, if any. */
async function killIn(gap: Gap, world: World, prompt: string): Promise<string | null> {
  const { databaseProxy, upstream, gateway } = world;
  let answered: string | null = null;
  const countSent = (): number => upstream.proxy.requests.filter((request) => request.action === action).length;
  const sentBefore = countSent();
  const findStanding = async (): Promise<Standing> => ({
    row: (await findRow(world, prompt))?.text ?? 'none',
    sent: countSent() - sentBefore,
    made: upstream.countOf(prompt),
    answered: answered !== null,
  });

  stopAt(gap, world);
  const asking = createImageTask(gateway(), prompt, prompt).then((id) => void (answered = id));
  // A refusal ends the wait: nothing would ever be held then.
  await Promise.race([asking, databaseProxy.untilHeld()]);
  await databaseProxy.untilHeld();
  if (gap.standing.answered) await asking;
  if (gap.database) await takeDatabaseAway(world);
  if (gap.database === 'comes back') databaseProxy.comeBack();
  await until(async () => isDeepStrictEqual(await findStanding(), gap.standing));
  await gateway().end('SIGKILL');
  await asking.catch(() => {});
  expect(await findStanding()).toEqual(gap.standing);
  await settleTraffic(gap, world, prompt);
  await prolongLease(world);
  return answered;
}

/** As if another machine's: the next process here would not wait for it. It lasts until `takeOver`, so that watchers are there first. */
async function prolongLease({ database }: World): Promise<void> {
  await sql`update account_lease set holder = 'elsewhere', expires_at = clock_timestamp() + interval '1 h'`.execute(
    database,
  );
}

/** All of it at once: nobody may take over before, and have an attempt of its own grow old. */
async function takeOver({ database }: World): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await letTimePass(transaction);
    await sql`select pg_notify(${hintChannels.leaseReleased}, account) from account_lease`.execute(transaction);
  });
}

/** All that a watcher hears of a task who was there before anybody took over. */
async function watchTakeOver(world: World, gateway: GatewayProcess, id: string): Promise<State[]> {
  const states: State[] = [];
  for await (const { data, errors } of gateway.watch(followTask, { id })) {
    if (!data) throw new Error(JSON.stringify(errors));
    states.push(data.taskStatus);
    if (states.length === 1) await takeOver(world);
  }
  return states;
}

test.each(gaps)('killed $killed, it loses no task and has none made twice', { timeout: 60_000 }, async (gap) => {
  const world = await enterWorld();
  const prompt = `killed ${gap.killed}`;
  const answered = await killIn(gap, world, prompt);
  const left = await findRow(world, prompt);

  const gateway = await world.restart();
  const id = await createImageTask(gateway, prompt, prompt);
  expect([left?.id ?? id, answered ?? id]).toEqual([id, id]);
  const states = await watchTakeOver(world, gateway, id);
  const [first, last] = [states[0], states.at(-1)];
  // A start moves what only the disk knew, and nothing else.
  const moves = gap.database === 'stays away' ? 1 : 0;
  expect(first).toMatchObject({ status: 'WAIT', revision: (left?.revision ?? 1) + moves });
  const end = gap.ends === 'DONE' ? { status: 'DONE', failure: null } : { status: 'FAIL', failure: { code: gap.ends } };
  expect(last).toMatchObject(end);
  const revisions = states.map(({ revision }) => revision);
  expect(revisions).toEqual([...new Set(revisions)].toSorted((one, two) => one - two));

  const next = await createImageTask(gateway, 'the next');
  expect(await untilEnded(gateway, next)).toMatchObject({ status: 'DONE' });
  expect(await createImageTask(gateway, prompt, prompt)).toBe(id);
  expect((await gateway.ask(readTask, { id })).task).toMatchObject({ ...end, revision: last?.revision });
  const tasks = (await listAll(gateway)).filter((task) => task.prompt === prompt);
  expect(tasks.map((task) => task.id)).toEqual([id]);
  expect(world.upstream.countOf(prompt)).toBe(gap.ends === 'DONE' ? 1 : gap.standing.made);
  expect(await world.readAnswers()).toBe('');
});

test(
  'control: a task sent before its claim was committed would be made twice, and found out',
  { timeout: 60_000 },
  async () => {
    const world = await enterWorld();
    const prompt = 'claimed too late';
    await killIn(gapAfterSending, world, prompt);
    await sql`update task set state = 'held', attempt = 0 where prompt = ${prompt}`.execute(world.database);
    const gateway = await world.restart();
    const id = await createImageTask(gateway, prompt, prompt);
    expect((await watchTakeOver(world, gateway, id)).at(-1)).toMatchObject({ status: 'DONE' });
    expect(world.upstream.countOf(prompt)).toBe(2);
  },
);
