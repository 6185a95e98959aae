import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import type { Upstream } from '../../src/domain/upstream.ts';
import { makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import { sandboxCredentials, startSandbox } from '../../src/sandbox/sandbox.ts';
import { createUpstream } from '../../src/upstream/upstream.ts';
import { showFiles } from '../archive/archive-documents.ts';
import type { ListTasksQueryVariables } from '../generated/graphql.ts';
import { createBareDatabase } from '../support/database.ts';
import { listTasks, readTask } from '../support/documents.ts';
import { startTestGateway, wideLimits, type TestGateway } from '../support/gateway.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { read, startReceiver, verify } from '../webhooks/receiver.ts';
import { openFirstRelease, owners, type FirstRelease } from './first-release.ts';

const count = 100_000;

type Row = Record<string, unknown>;

async function query(release: FirstRelease, text: string): Promise<Row[]> {
  return (await sql.raw<Row>(text).execute(release.database)).rows;
}

/** What stands in the columns that a table has now, of all rows together: the same as long as none of them changes. */
async function fingerprint(release: FirstRelease, table: string, where = 'true'): Promise<() => Promise<Row[]>> {
  const columns = await query(
    release,
    `select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`,
  );
  const all = columns.map(({ name }) => `"${String(name)}"`).join(', ');
  return () =>
    query(release, `select count(*), sum(hashtextextended(row(${all})::text, 0)) as hash from ${table} where ${where}`);
}

/** A task that the upstream has made by now, with the URL of its result. */
async function makeResult(upstream: Upstream, prompt: string) {
  const { upstreamTaskId } = await upstream.create({ kind: 'IMAGE', prompt });
  let url: string | undefined;
  await until(async () => {
    url = (await upstream.describe('IMAGE', upstreamTaskId)).files[0]?.url;
    return url !== undefined;
  });
  return { upstreamTaskId, url: url ?? '' };
}

const times = <T>(number: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: number }, (_, index) => make(index)));

/** What was under way when it was stopped. */
async function leaveUnderWay(release: FirstRelease, upstream: Upstream, receiver: string) {
  const { account } = upstream;
  const webhook = { webhook_url: `${receiver}/hook`, webhook_host: new URL(receiver).host, webhook_events: ['ENDED'] };
  const held = await times(30, (index) => release.insertTask({ account, prompt: `held ${index}`, ...webhook }));
  const running = await times(30, async (index) => {
    const { upstreamTaskId } = await upstream.create({ kind: 'IMAGE', prompt: `running ${index}` });
    const sent = { state: 'submitted', attempt: 1, upstream_task_id: upstreamTaskId, submitted_at: new Date() };
    return await release.insertTask({ account, prompt: `running ${index}`, ...sent, ...webhook });
  });
  const orphans = await times(3, (index) => {
    const sending = {
      state: 'submitting',
      attempt: 1,
      attempt_epoch: 7,
      submitting_since: new Date(Date.now() - 60_000),
    };
    return release.insertTask({ account, prompt: `orphan ${index}`, ...sending });
  });
  const toArchive = await times(10, async (index) => {
    const { upstreamTaskId, url } = await makeResult(upstream, `to archive ${index}`);
    const id = await release.insertTask({
      account,
      prompt: `to archive ${index}`,
      ...done(upstreamTaskId, url),
      archive_state: 'pending',
    });
    // Of some the job was added, of others the process died before.
    if (index % 2 === 0) await release.addJob('archive', { taskId: id }, `archive:${id}`);
    return id;
  });
  const toTell = await times(10, async (index) => {
    const ended = done(`4-AigcImage-told-${index}`, 'https://results.example.com/told');
    const id = await release.insertTask({ account, prompt: `to tell ${index}`, ...ended, ...webhook });
    const lane = { owner: owners.local, host: webhook.webhook_host };
    await release.insert('webhook_delivery', { task_id: id, ...lane, event: 'ENDED', revision: 3, attempt: index % 3 });
    if (index % 2 === 0) await release.addJob('webhook', lane, `webhook:${id}`);
    return id;
  });
  return { held, running, orphans, toArchive, toTell };
}

function done(upstreamTaskId: string, url: string) {
  const now = new Date();
  const files = JSON.stringify([{ type: 'IMAGE', url, duration: null }]);
  const expiry = { files, files_expire_at: new Date(now.getTime() + 11 * 3_600_000) };
  const sent = { attempt: 1, upstream_task_id: upstreamTaskId, submitted_at: now };
  return { state: 'ended', status: 'DONE', revision: 3, ...expiry, ...sent, ended_at: now };
}

async function leaveSettings(release: FirstRelease, account: string, secret: string): Promise<void> {
  const made = { owner: owners.local, name: 'backend' };
  await release.insert('api_key', { id: 'k1', ...made, secret_hash: Buffer.alloc(32, 1) });
  await release.insert('api_key', { id: 'k2', ...made, secret_hash: Buffer.alloc(32, 2), revoked_at: new Date() });
  await release.insert('webhook_secret', { owner: owners.local, secret, is_chosen: true });
  await release.insert('model_duration', {
    account,
    kind: 'VIDEO',
    model: 'Kling',
    version: '2.1',
    clock: 'whole',
    memory: 100,
    score: 1.5,
    events: [1, 2, 3],
    exposure: [4, 5, 6],
  });
}

async function statusesOf(release: FirstRelease, ids: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ outcome: string }>`
    select coalesce(failure_code, status) as outcome from task where id = any(${ids}::uuid[])`.execute(
    release.database,
  );
  return rows.map(({ outcome }) => outcome);
}

async function countFound(gateway: TestGateway, filter: ListTasksQueryVariables['filter']) {
  return (await gateway.ask(listTasks, { first: 1, filter })).tasks?.totalCount;
}

async function countRows(release: FirstRelease, where: string): Promise<number> {
  return (await query(release, `select from task where owner = 'local' and ${where}`)).length;
}

test(
  'from release 0.1.0, by stop, migrate, start: of 100,000 tasks nothing is lost, and all goes on that was under way',
  { timeout: 180_000 },
  async () => {
    await using directory = await createTemporaryDirectory();
    await using bare = await createBareDatabase();
    await using sandbox = await startSandbox({ port: 0, directory: directory.path, speed: 200, limits: wideLimits });
    await using receiver = await startReceiver();
    const endpoint = { endpoint: sandbox.endpoint, region: null, credentials: sandboxCredentials };
    await using upstream = createUpstream({ ...endpoint, accountName: 'test', clock: systemClock });
    await using release = await openFirstRelease(bare.config);
    const secret = makeWebhookSecret();
    await release.fillHistory(upstream.account, count);
    const under = await leaveUnderWay(release, upstream, receiver.origin);
    await leaveSettings(release, upstream.account, secret);
    const isOld = `created_at < now() - interval '1 day'`;
    const ofTables: [string, string?][] = [
      ['task', isOld],
      ['task_progress', `task_id in (select id from task where ${isOld})`],
      ['task_event', `task_id in (select id from task where ${isOld})`],
      ['api_key'],
      ['webhook_secret'],
      ['model_duration', `model = 'Kling'`],
    ];
    const fingerprints = await Promise.all(ofTables.map((table) => fingerprint(release, ...table)));
    const takeAll = (): Promise<Row[][]> => Promise.all(fingerprints.map((take) => take()));
    const before = await takeAll();

    const archive = {
      place: { kind: 'folder', path: join(directory.path, 'archive') },
      maxFileBytes: 1_000_000,
      retentionDays: null,
      urlSecrets: null,
    } as const;
    await using gateway = await startTestGateway({
      databaseUrl: bare.connectionString,
      upstream: endpoint,
      webhooks: { secrets: [], exemptOrigins: [receiver.origin] },
      archive,
    });
    expect(await takeAll()).toEqual(before);
    expect(before[0]).toEqual([{ count: String(count), hash: expect.any(String) }]);
    expect(await query(release, `select from pg_namespace where nspname = 'graphile_worker'`)).toEqual([]);

    // What is over is found by its owner, by its filters, its words and its key.
    expect(await countFound(gateway, { search: 'anime' })).toBe(count / 100);
    expect(await countFound(gateway, { search: 'style:anime', failureCodes: ['NOT_FOUND'] })).toBe(
      await countRows(release, `prompt like '%anime' and failure_code = 'NOT_FOUND'`),
    );
    expect(await countFound(gateway, { statuses: ['FAIL'], operator: 'operator-3', modelNames: ['Kling'] })).toBe(
      await countRows(release, `status = 'FAIL' and operator = 'operator-3' and model_name = 'Kling'`),
    );
    const [first] = await query(release, `select id, prompt from task where idempotency_key = 'key-1'`);
    expect(await createImageTask(gateway, String(first?.['prompt']), 'key-1')).toBe(first?.['id']);
    const { task } = await gateway.ask(readTask, { id: String(first?.['id']) });
    expect(task).toMatchObject({
      status: 'DONE',
      history: ['WAIT', 'DONE'].map((status) => ({ status })),
    });

    // What was under way goes on.
    const { held, running, orphans, toArchive, toTell } = under;
    await until(async () => (await statusesOf(release, [...held, ...running])).every((status) => status === 'DONE'));
    await until(async () =>
      (await statusesOf(release, orphans)).every((status) => status === 'SUBMISSION_UNCONFIRMED'),
    );
    for (const id of toArchive) {
      await until(
        async () => (await gateway.ask(showFiles, { id })).task?.files?.every((file) => file?.archived) ?? false,
      );
    }
    const stillToArchive = `select from archive_work join task on task.id = task_id where prompt like 'to archive%'`;
    await until(async () => (await query(release, stillToArchive)).length === 0);
    const told = [...held, ...running, ...toTell];
    await until(() => new Set(receiver.received.map((one) => read(one).data.id)).size === told.length);
    expect(new Set(receiver.received.map((one) => verify(secret, one).data.id))).toEqual(new Set(told));
    const prompts = sandbox.tasks().map(({ request }) => request.Prompt);
    expect(new Set(prompts).size).toBe(prompts.length);
    expect(await takeAll()).toEqual(before);
    expect(await query(release, 'select count(*)::integer as tasks from task')).toEqual([{ tasks: count + 83 }]);
  },
);
