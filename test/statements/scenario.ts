import { join } from 'node:path';
import { systemClock } from '../../src/kit/clock.ts';
import type { Config } from '../../src/config/config.ts';
import { makeApiKey } from '../../src/domain/api-key.ts';
import type { OwnerLimit } from '../../src/domain/task/quota.ts';
import { makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { findApiKeys, insertApiKey, listApiKeys, revokeApiKey } from '../../src/store/api-keys.ts';
import { postponeArchiveWork } from '../../src/store/archive-work.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { isRecorded } from '../../src/store/find-tasks.ts';
import { findClaim, findHeldTasks } from '../../src/store/submitting.ts';
import { rotateSecret } from '../../src/store/webhook-secrets.ts';
import { renewEveryMs } from '../../src/store/work-leases.ts';
import { openAccess, testConfig, wideLimits } from '../support/gateway.ts';
import { startTroubledUpstream, type TroubledUpstream } from '../support/troubled-gateway.ts';
import { until } from '../support/until.ts';
import { answering, silent, startReceiver, type Receiver } from '../webhooks/receiver.ts';
import { createCaller, idsIn, type Answer, type Caller } from './frontend.ts';
import type { Recorder } from './recorder.ts';

type Gateway = AsyncDisposable & { ada: Caller; grace: Caller; fetchMetrics(): Promise<unknown> };

type Stage = {
  recorder: Recorder;
  database: Database;
  upstream: TroubledUpstream;
  receiver: Receiver;
  /** On the one database; its upstream is the sandbox, or what stands before it. */
  start(endpoint?: string): Promise<Gateway>;
};

const limit = (byDefault: number, byOwner: [string, number][] = []): OwnerLimit => ({
  default: byDefault,
  byOwner: new Map(byOwner),
});
const metricsToken = 'metrics-token';

/**
 * What the gateway is used for, from the first task to the last clean-up, so that it asks PostgreSQL all that it ever does:
 * callers with quotas, an archive, webhooks, an upstream in trouble, a restart after some days.
 */
export async function playScenario(databaseUrl: string, directory: string, recorder: Recorder): Promise<void> {
  await using playing = new AsyncDisposableStack();
  const upstream = playing.use(await startTroubledUpstream());
  const receiver = playing.use(await startReceiver());
  const database = playing.use(createDatabase({ connectionString: databaseUrl }, silentLogger));
  const keys = ['ada', 'grace'].map((owner) => makeApiKey({ owner, name: 'backend' }));
  for (const { key } of keys) await insertApiKey(database, key);
  const [ofAda = '', ofGrace = ''] = keys.map(({ text }) => text);
  let started = 0;
  // Each with a folder of its own, as two of them run at once.
  const configOf = (endpoint: string): Config =>
    testConfig(databaseUrl, join(directory, `gateway-${(started += 1)}`), {
      upstream: { ...upstream.config, endpoint },
      createWaitMs: 100,
      upstreamLimits: { ...wideLimits, CreateAigcVideoTask: 1 },
      access: {
        ...openAccess,
        modes: ['api-key'],
        metricsToken,
        quotas: { tasksInFlight: limit(100), createsPerMinute: limit(100, [['grace', 1]]) },
      },
      webhooks: { secrets: [], exemptOrigins: [receiver.origin] },
      archive: {
        place: { kind: 'folder', path: join(directory, 'archive') },
        maxFileBytes: 10_000_000,
        retentionDays: 1,
        urlSecrets: null,
      },
    });
  const start: Stage['start'] = async (endpoint = upstream.sandbox.endpoint) => {
    const gateway = await startGateway(configOf(endpoint), { logger: silentLogger });
    const headers = { authorization: `Bearer ${metricsToken}` };
    return {
      ada: createCaller(gateway.url, ofAda),
      grace: createCaller(gateway.url, ofGrace),
      fetchMetrics: async () => await (await fetch(`${gateway.url}/metrics`, { headers })).text(),
      [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
    };
  };
  const stage = { recorder, database, upstream, receiver, start };
  await quietDay(stage);
  await dayOfTroubles(stage);
  await letDaysPass(recorder);
  await anotherDay(stage);
  await administrate(
    database,
    keys.map(({ key }) => key.id),
  );
}

const all = `id status revision upstreamTaskId prompt failure { code } files { id url archived } canCancel canRetry
  estimate { expectedEndAt } history { status } webhookDeliveries { attempt statusCode } retryOf { ... on AigcTask { id } }`;
const ofTask = `... on AigcTask { ${all} }`;

const create = (kind: 'Image' | 'Video' | 'Audio'): string =>
  `mutation ($input: Create${kind}TaskInput!) { create${kind}Task(input: $input) {
    ... on Create${kind}TaskPayload { task { ${all} } } ... on UserError { message } } }`;

const first = (data: Answer): string => idsIn(data)[0] ?? '';

async function quietDay({ recorder, upstream, receiver, start }: Stage): Promise<void> {
  await using gateway = await start();
  const { ask, watch } = gateway.ada;
  const webhook = { url: `${receiver.origin}/hook`, events: ['CHANGED', 'ENDED'] };
  receiver.behave(answering(500));
  const place = JSON.stringify(await ask('{ tasks(first: 1) { changeCursor } }'));
  const [, cursor = ''] = /"changeCursor":"([^"]+)"/.exec(place) ?? [];
  const listening = watch(
    `subscription { taskChanges(after: "${cursor}") { type cursor task { ${ofTask} } } }`,
    (event) => event.includes('the last one') && event.includes('"status":"DONE"'),
  );
  const image = {
    prompt: 'a lighthouse, style:anime',
    model: { name: 'Hunyuan' },
    operator: 'ada',
    idempotencyKey: 'key',
    webhook,
  };
  const id = first(await ask(create('Image'), { input: image }));
  await ask(create('Image'), { input: image });
  await watch(`subscription { taskStatus(id: "${id}") { ${ofTask} } }`, (event) => event.includes('"status":"DONE"'));
  await ask(create('Audio'), { input: { prompt: 'a tune' } });
  const ofSome = `subscription { taskChanges(filter: { ids: ["${id}"] }, after: "${cursor}") { cursor task { ${ofTask} } } }`;
  await watch(ofSome, (event) => event.includes('"status":"DONE"'));
  await untilNone(recorder, isUnderWay);
  await untilNone(recorder, isToArchive);
  await adopt(gateway, upstream);
  await readAll(gateway.ada, id);

  // The archive serves a file, and lends it.
  const shown = JSON.stringify(await ask(`{ task(id: "${id}") { ${ofTask} } }`));
  const [, file = '', url = ''] = /"files":\[\{"id":"([^"]+)","url":"([^"]+)"/.exec(shown) ?? [];
  await (await fetch(url)).arrayBuffer();
  await ask(create('Image'), { input: { prompt: 'after it', referenceImages: [{ fileId: file }] } });
  // Its quota is full then.
  for (const prompt of ['one', 'one too many']) await gateway.grace.ask(create('Image'), { input: { prompt } });
  await gateway.fetchMetrics();

  // A subscriber whose gateway has lost its connection for a moment.
  await recorder.ask(`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %'`);
  receiver.behave(answering(204));
  await recorder.ask(`update webhook_delivery set due_at = now() - interval '10 s' where due_at is not null`);
  await ask(create('Image'), { input: { prompt: 'the last one', webhook } });
  await listening;
  await untilNone(recorder, isToTell);

  // It is stopped while a receiver has kept it waiting for so long that the lease was renewed.
  receiver.behave(silent);
  await ask(create('Image'), { input: { prompt: 'in a moment', webhook } });
  await untilNone(recorder, isUnderWay);
  await until(() => receiver.received.some(({ body }) => body.includes('task.ended')));
  await systemClock.sleep(renewEveryMs + 1_000);
}

const isUnderWay = `task where state <> 'ended'`;
const isToArchive = `task where archive_state = 'pending'`;
const isToTell = `webhook_delivery where due_at is not null`;

async function untilNone(recorder: Recorder, rows: string): Promise<void> {
  while ((await recorder.ask(`select from ${rows} limit 1`)).rows.length > 0) await systemClock.sleep(50);
}

/** An upstream that once refuses for want of budget, once loses its answer, and once is slow. */
async function dayOfTroubles({ recorder, upstream: { proxy }, start }: Stage): Promise<void> {
  await using gateway = await start(proxy.endpoint);
  const { ask } = gateway.ada;
  const busy = { Error: { Code: 'RequestLimitExceeded', Message: 'Slow down.' }, RequestId: 'r' };
  proxy.fault({ kind: 'response', response: busy, prompt: 'too early', times: 1 });
  proxy.fault({ kind: 'accepted-reset', prompt: 'unheard of', times: 1 });
  proxy.fault({ kind: 'delay', ms: 300, prompt: 'too late', times: 1 });
  await ask(create('Image'), { input: { prompt: 'too early' } });
  const unconfirmed = first(await ask(create('Image'), { input: { prompt: 'unheard of' } }));
  const retry = `mutation ($input: RetryTaskInput!) { retryTask(input: $input) { ... on RetryTaskPayload { task { ${ofTask} } } } }`;
  for (const idempotencyKey of ['again', 'again', null, null]) {
    await ask(retry, { input: { id: unconfirmed, idempotencyKey } });
  }
  // Held ones, and one on its way, are cancelled.
  const cancel = `mutation ($id: ID!) { cancelTask(input: { id: $id }) { __typename } }`;
  const videos = await createVideos(gateway.ada, 4);
  for (const id of videos) await ask(cancel, { id });
  const late = ask(create('Image'), { input: { prompt: 'too late' } });
  const isBeingSent = `select id from task where state = 'submitting'`;
  await until(async () => (await recorder.ask(isBeingSent)).rows.length > 0);
  const { rows } = await recorder.ask(isBeingSent);
  await Promise.all([late, ...rows.map(({ id }) => ask(cancel, { id }))]);
  await untilNone(recorder, isUnderWay);
}

async function createVideos({ ask }: Caller, count: number): Promise<string[]> {
  const prompts = Array.from({ length: count }, (_, index) => `a storm ${index}`);
  const made = await Promise.all(prompts.map((prompt) => ask(create('Video'), { input: { prompt } })));
  return made.map(first);
}

/** Tasks that were made elsewhere, that are another owner's, and that are unknown. */
async function adopt({ ada, grace }: Gateway, { sandbox }: TroubledUpstream): Promise<void> {
  const track = `mutation ($id: String!) { trackTask(input: { upstreamTaskId: $id }) {
    ... on TrackTaskPayload { task { ${ofTask} } } ... on UserError { message } } }`;
  const [known = ''] = sandbox.tasks().map(({ taskId }) => taskId);
  for (const id of [known, '4-AigcImage-unknown']) for (const { ask } of [ada, grace]) await ask(track, { id });
  await ada.ask(`{ taskByUpstreamId(upstreamTaskId: "${known}") { ${ofTask} } }`);
}

async function readAll({ ask }: Caller, id: string): Promise<void> {
  const list = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: TaskFilter) {
    tasks(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      asOf totalCount pageInfo { endCursor } nodes { ${ofTask} } } }`;
  const page = await ask(list, { first: 3 });
  const [cursor] = [...JSON.stringify(page).matchAll(/"endCursor":"([^"]+)"/g)].map(([, after = '']) => after);
  const filters = [
    { kinds: ['IMAGE'] },
    { kinds: ['IMAGE', 'VIDEO'], statuses: ['DONE'] },
    { modes: ['TEXT_TO_IMAGE'] },
    { statuses: ['FAIL'], failureCodes: ['CANCELED'] },
    { modelNames: ['Hunyuan'] },
    { operator: 'ada' },
    { search: 'lighthouse anime' },
    { createdAfter: '2026-01-01T00:00:00Z', createdBefore: '2100-01-01T00:00:00Z' },
  ];
  for (const filter of filters) await ask(list, { first: 3, filter });
  await ask(list, { first: 3, after: cursor });
  await ask(list, { last: 3, before: cursor });
  await ask(`{ viewer { owner tasksInFlight createsLastMinute } models { name } nodes(ids: ["${id}"]) { id } }`);
}

/** What a stop, a crash and some days leave. */
async function letDaysPass({ ask }: Recorder): Promise<void> {
  const some = (where: string): string => `id = (select id from task where ${where} order by id limit 1)`;
  const kept = `archive_state = 'kept' and kind = 'IMAGE'`;
  // Old files, of which some are let go and some are to be deleted.
  await ask(`update task set archived_at = archived_at - interval '10 days' where archive_state is not null`);
  await ask(`update task set archive_state = 'removed', updated_at = now() - interval '9 days' where ${some(kept)}`);
  // A result that was overlooked, one that timed out but may still end, and a process that died while it sent one.
  await ask(`update task set archive_state = null where ${some(`${kept} and created_at > now() - interval '1 hour'`)}`);
  await ask(`update task set status = 'FAIL', failure_code = 'TIMED_OUT', ended_at = now() - interval '2 hours',
    archive_state = null where ${some(`${kept} and upstream_task_id is not null`)}`);
  await ask(`update task set state = 'submitting', status = 'WAIT', ended_at = null, upstream_task_id = null, files = '[]',
    archive_state = null, submitting_since = now() - interval '1 minute' where ${some(`kind = 'AUDIO'`)}`);
  // A delivery that was left behind, and one that is too old to be told.
  await ask(`update webhook_delivery set due_at = now() - interval '1 minute'`);
  await ask(`update webhook_delivery set created_at = now() - interval '3 days'
    where id = (select id from webhook_delivery order by id limit 1)`);
}

async function anotherDay({ recorder, database, upstream, receiver, start }: Stage): Promise<void> {
  receiver.behave(answering(204));
  await using gateway = await start();
  // A second one, which doesn't schedule, reads what the first one publishes.
  await using replica = await start();
  const list = `{ tasks(first: 50) { nodes { ${ofTask} } } }`;
  await createVideos(replica.ada, 4);
  const account = `${new URL(upstream.sandbox.endpoint).host}/-/test`;
  await findHeldTasks(database, account, { kind: 'VIDEO', limit: 1 });
  await until(async () => (await recorder.ask(`select from held_order where held > 0`)).rows.length > 0);
  await replica.ada.ask(list);
  await untilNone(recorder, isUnderWay);
  await untilNone(recorder, isToArchive);
  await untilNone(recorder, isToTell);
  await untilNone(
    recorder,
    `task where archive_state = 'removed' and updated_at < now() - interval '4 days'
    and files @> '[{"archived": {}}]'`,
  );
  await replica.ada.ask(list);
  await gateway.fetchMetrics();
}

/** The command line, and what only a race or a lost answer of the database brings about. */
async function administrate(database: Database, [keyId = '', ...others]: string[]): Promise<void> {
  await listApiKeys(database);
  await listApiKeys(database, 'ada');
  await findApiKeys(database, [keyId, ...others]);
  await revokeApiKey(database, keyId);
  await rotateSecret(database, 'ada', makeWebhookSecret());
  await isRecorded(database, 'an account', 'an id');
  const id = '00000000-0000-7000-8000-000000000000';
  await findClaim(database, id, 1n);
  await postponeArchiveWork(database, { id, attempt: 1 }, 0);
}
