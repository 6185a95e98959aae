import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createContext } from '../schema/context.ts';
import { maskError } from '../schema/errors.ts';
import { systemClock, type Clock } from './clock.ts';
import type { ArchiveConfig } from './config-archive.ts';
import type { Config } from './config.ts';
import { createTaskFeed } from './events/task-feed.ts';
import type { Authentication } from './http/authentication/authentication.ts';
import { createMetrics } from './http/metrics.ts';
import { createPage } from './http/page/page.ts';
import type { HttpServer } from './http/server.ts';
import { createLogger, type Logger } from './logger.ts';
import { describeCallers, describeEndpoint, httpAccessOf, openAuthentication } from './open-access.ts';
import type { OpenArchive } from './open-archive.ts';
import { openUpstream } from './open-upstream.ts';
import { createPublicRequests } from './outbound/public-requests.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { createScheduler, type SchedulerOptions } from './scheduler/scheduler.ts';
import { createLeaseKeeper } from './store/account-lease.ts';
import { createAnswerLog } from './store/answer-log.ts';
import { createChangeAnnouncer } from './store/change-announcer.ts';
import { countForeignTasks, countTasksInFlight } from './store/count-in-flight.ts';
import { databaseTime } from './store/database-time.ts';
import { findChangedTasks } from './store/find-changes.ts';
import { findTasksById } from './store/find-tasks.ts';
import { openJobs, type Jobs } from './store/jobs.ts';
import { openDatabase } from './store/open-database.ts';
import { createUseCases } from './tasks/create-use-cases.ts';
import { createEstimates } from './tasks/estimates.ts';
import { handOutFiles } from './tasks/hand-out-files.ts';
import { onBehalfOf } from './tasks/on-behalf-of.ts';
import { replayAnswerLog } from './tasks/record-outcome.ts';
import { createSchedulingUseCases } from './tasks/scheduling.ts';
import { publishWatchInterest } from './tasks/watch-interest.ts';
import { createFileUrlTrial } from './tasks/try-file-url.ts';
import { countWebhooksToDeliver } from './store/webhook-deliveries.ts';
import { createFileUrlCheck } from './upstream/file-url-check.ts';
import { createWebhooks, webhookJob } from './webhooks/webhooks.ts';

/** As long as the scheduler waits for its own calls. */
const drainMs = 20_000;

/** For tests, and for programs that embed the gateway. */
export type GatewayOverrides = {
  clock?: Clock;
  logger?: Logger;
  createPolicy?: SchedulerOptions['createPolicy'];
  authentication?: Authentication;
};

export type Gateway = AsyncDisposable & {
  /** Where it listens, e.g. http://127.0.0.1:4000 */
  url: string;
  /** What it runs on, in lines for a person. */
  facts: readonly string[];
  /** null unless the sandbox is the upstream. */
  sandbox: Sandbox | null;
};

/**
 * Puts the rooms together and starts them. Disposing takes nothing new, ends the subscriptions, lets calls to the
 * upstream finish and be recorded, gives the lease back and closes the database, in this order. Rejects with what is
 * wrong when something can't start; nothing is left running then.
 */
export async function startGateway(config: Config, overrides: GatewayOverrides = {}): Promise<Gateway> {
  const { clock = systemClock, logger = createLogger(config.logLevel) } = overrides;
  await using starting = new AsyncDisposableStack();
  const metrics = createMetrics();

  const source = await openUpstream(config, metrics.sink, clock, logger, starting);
  // Loading the API's modules takes about as long as starting a database: both at once.
  const [opened, { schema }, { startHttpServer }] = await Promise.all([
    openDatabase(config, logger),
    import('../schema/index.ts'),
    import('./http/server.ts'),
  ]);
  const { database, callersDatabase, listenConnection, description } = starting.use(opened);
  const { account } = source.upstream;

  const started = Promise.withResolvers<void>();
  const processId = randomUUID();
  const announcer = createChangeAnnouncer(database, processId, { clock, logger });
  starting.defer(() => announcer.flush());
  const estimates = createEstimates(database, account, { catalogue: config.catalogue, clock, logger });
  starting.use(estimates);

  const openArchiveOf = async (archiveConfig: ArchiveConfig): Promise<OpenArchive> => {
    const { openArchive } = await import('./open-archive.ts');
    return await openArchive({
      ...source,
      config: archiveConfig,
      dataDirectory: config.dataDirectory,
      database,
      account,
      announcer,
      webhooks: { due: (taskId) => webhooks.due(taskId) },
      jobs: { add: (...job) => jobs.add(...job) },
      publicUrl: () => config.publicUrl ?? server.url,
      metrics: metrics.sink,
      clock,
      logger,
    });
  };
  const archive = config.archive && starting.use(await openArchiveOf(config.archive));
  const resultRequests = createPublicRequests({ exemptOrigins: source.exemptOrigins, clock });
  const tryFileUrl = createFileUrlTrial(createFileUrlCheck({ requests: resultRequests }), clock);
  const { exemptOrigins, secrets } = config.webhooks;
  const findFileUrl = archive?.urlOf ?? (() => null);
  const webhooks = starting.use(
    createWebhooks({
      database,
      requests: createPublicRequests({ exemptOrigins, clock }),
      secrets,
      findFiles: (task) => handOutFiles({ clock, tryFileUrl, findFileUrl }, task),
      jobs: { add: (...job) => jobs.add(...job) },
      metrics: metrics.sink,
      clock,
      logger,
    }),
  );
  const jobs: Jobs = starting.use(
    openJobs({
      database,
      connection: listenConnection,
      handlers: { [webhookJob]: { run: webhooks.run, concurrency: 2 }, ...archive?.handlers },
      after: started.promise,
      logger,
    }),
  );

  const recording = {
    database,
    announcer,
    webhooks: { exemptOrigins, due: webhooks.due },
    keepFiles: archive?.keepFiles,
    lendFile: archive?.lendFile,
    account,
    clock,
    logger,
    metrics: metrics.sink,
    resultLifeMs: source.resultLifeMs,
    answerLog: createAnswerLog(join(config.dataDirectory, 'answers.log')),
  };
  const scheduler = createScheduler({
    keeper: createLeaseKeeper(database, account, processId),
    upstream: source.upstream,
    tasks: createSchedulingUseCases(recording),
    limits: config.upstreamLimits,
    submissions: config.submissions,
    catalogue: config.catalogue,
    ...(overrides.createPolicy && { createPolicy: overrides.createPolicy }),
    metrics: metrics.sink,
    clock,
    logger,
  });
  const feed = createTaskFeed({
    connection: listenConnection,
    findTasks: (ids) => findTasksById(database, ids),
    databaseTime: () => databaseTime(database),
    findChanges: (watched, since) => findChangedTasks(database, watched, since),
    onHeld: (hint) => {
      if (hint.account === account && hint.process !== processId) scheduler.lookForHeld();
    },
    onFollowed: scheduler.follow,
    onLeaseReleased: (freed) => {
      if (freed === account) scheduler.leaseReleased();
    },
    clock,
    logger,
  });
  starting.use(feed);
  starting.use(publishWatchInterest(feed, database, { clock, logger }));
  starting.defer(() => scheduler.stop());

  const useCases = createUseCases({
    ...recording,
    database: callersDatabase,
    feed,
    estimates,
    scheduling: scheduler,
    catalogue: config.catalogue,
    exemptOrigins: source.exemptOrigins,
    createWaitMs: config.createWaitMs,
    quotas: config.access.quotas,
    tryFileUrl,
    findFileUrl,
  });
  metrics.readFrom({
    bucketLevels: scheduler.bucketLevels,
    longestUnheard: scheduler.longestUnheard,
    countTasksInFlight: () => countTasksInFlight(database, account),
    subscribers: () => server.subscribers(),
    countWebhooksToDeliver: () => countWebhooksToDeliver(database),
    ...(archive && { countFilesToArchive: archive.countFilesToArchive }),
  });
  const server = starting.use(
    await startHttpServer({
      host: config.host,
      port: config.port,
      schema,
      contextFor: (caller) => createContext({ useCases: onBehalfOf(caller, useCases, logger), clock }),
      authentication: overrides.authentication ?? openAuthentication(config.access, database, { clock, logger }),
      access: httpAccessOf(config.access),
      webSocketBounds: config.access.webSocket,
      maskError,
      metrics,
      readiness: async () => readinessOf(await isReachable(() => databaseTime(database)), scheduler.troubles()),
      findServedFile: archive?.findServed,
      page: createPage({
        graphiql: config.access.graphiql,
        resultOrigins: (): readonly string[] => resultOriginsOf(config, source.exemptOrigins, server),
        logger,
      }),
      logger,
      clock,
    }),
  );
  starting.defer(() => drainFor(server, drainMs, clock));

  const replayed = await replayAnswerLog(recording);
  const foreign = await countForeignTasks(database, account);
  const facts = [
    `Database   ${description}`,
    `Upstream   ${source.description}`,
    ...(archive ? [`Archive    ${archive.description}`] : []),
    `Callers    ${describeCallers(config, server)}`,
    ...(config.submissions === 'paused' ? ['Paused     held tasks are not sent (SUBMISSIONS=paused)'] : []),
    ...(replayed > 0 ? [`Recovered  ${replayed} TaskIds that came while the database was away`] : []),
    ...foreign.map((of) => `Left alone ${of.count} unfinished tasks of another upstream account, ${of.account}`),
    `Page       ${server.url}/`,
    `GraphQL    ${server.url}/graphql  ${describeEndpoint(config.access)}`,
    `Health     ${server.url}/health/ready   Metrics  ${server.url}/metrics`,
  ];
  scheduler.start();
  // What loads and makes tables for jobs must not keep the first answer waiting.
  started.resolve();
  jobs.prepared.then(archive?.start, () => {});

  const running = starting.move();
  return { url: server.url, facts, sandbox: source.sandbox, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Running queries and mutations may finish; what takes longer is cut off by the close that follows. */
async function drainFor(server: HttpServer, ms: number, clock: Clock): Promise<void> {
  const drained = new AbortController();
  const limit = clock.sleep(ms, drained.signal).catch(() => {});
  await Promise.race([server.drain(), limit]);
  drained.abort();
}

async function isReachable(ask: () => Promise<unknown>): Promise<boolean> {
  return await ask().then(
    () => true,
    () => false,
  );
}

/**
 * Where files may lie beside any place with TLS: the sandbox, what a private network archives to, and this server, which
 * the page may have been asked of by another of its names.
 */
function resultOriginsOf(
  { archive, publicUrl }: Config,
  exemptOrigins: readonly string[],
  server: HttpServer,
): readonly string[] {
  if (archive === null) return exemptOrigins;
  const { place } = archive;
  const url = place.kind === 's3' ? place.endpoint : (publicUrl ?? server.url);
  return [...new Set([...exemptOrigins, ...(url === null ? [] : [new URL(url).origin])])];
}

/** A trouble of the upstream is told, but keeps no traffic away: reading and recording work. */
function readinessOf(databaseReachable: boolean, troubles: Record<string, string>) {
  return {
    ready: databaseReachable,
    details: { database: databaseReachable ? 'reachable' : 'not reachable', ...troubles },
  };
}
