import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createContext } from '../../schema/context.ts';
import { maskError } from '../../schema/errors.ts';
import { systemClock, type Clock } from '../kit/clock.ts';
import type { Config } from '../config/config.ts';
import type { Authentication } from '../http/authentication/authentication.ts';
import { createMetrics } from '../http/metrics.ts';
import { isBuilt } from '../http/static/page/page-folder.ts';
import { createPage } from '../http/static/page/page.ts';
import type { HttpServer } from '../http/server.ts';
import { createLogger, type Logger } from '../kit/logger.ts';
import { holdDataDirectory } from './data-directory.ts';
import { describeGateway } from './describe-gateway.ts';
import { httpAccessOf, openAuthentication } from './open-access.ts';
import { openBackground } from './open-background.ts';
import { openClocks } from './open-clocks.ts';
import { openScheduling } from './open-scheduling.ts';
import { claimSandboxAccount, openUpstream } from './open-upstream.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { SchedulerOptions } from '../scheduler/scheduler.ts';
import { createAnswerLog } from '../store/answer-log.ts';
import { createChangeAnnouncer } from '../store/change-announcer.ts';
import { countForeignTasks, countTasksInFlight } from '../store/count-in-flight.ts';
import type { Migrations } from '../store/migration.ts';
import { openDatabase } from '../store/open-database.ts';
import { createReachability } from '../store/reachability.ts';
import { countWebhooksToDeliver } from '../store/webhook-deliveries.ts';
import { createEstimates } from '../tasks/estimates.ts';
import { scopeToOwner } from '../tasks/owner-scoped-use-cases.ts';
import { replayAnswerLog } from '../tasks/replay-answer-log.ts';
import { createTaskIds } from '../tasks/task-ids.ts';
import { createUseCases } from '../tasks/use-cases.ts';
import { openTogether } from '../kit/open-together.ts';
import { createTimeLimit } from '../kit/time-limit.ts';

/** As long as the scheduler waits for its own calls. */
const drainMs = 20_000;

/** For tests, and for programs that embed the gateway. */
export type GatewayOverrides = {
  /** In place of the database's time and of this machine's. */
  clock?: Clock;
  /** This machine's, which may be wrong. */
  machineClock?: Clock;
  logger?: Logger;
  createPolicy?: SchedulerOptions['createPolicy'];
  authentication?: Authentication;
  /** In place of the built page. */
  createPage?: typeof createPage;
  /** Of another release. */
  migrations?: Migrations;
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
  const { logger = createLogger(config.logLevel), createPolicy } = overrides;
  const { machineClock = systemClock } = overrides;
  const ownClock = overrides.clock ?? machineClock;
  await using starting = new AsyncDisposableStack();
  const { instance } = starting.use(await holdDataDirectory(config.dataDirectory, logger));
  const metrics = createMetrics();

  const { promise: launched, resolve: whenLaunched } = Promise.withResolvers<void>();
  const openingDatabase = openDatabase(config, logger, { ...overrides, whenLaunched });
  const openingUpstream = openUpstream({ config, metrics: metrics.sink, clock: ownClock, logger });
  // Loading the API's modules takes about as long as a database takes to start, and keeps all else waiting meanwhile.
  const loading = launched.then(() => Promise.all([import('../../schema/index.ts'), import('../http/server.ts')]));
  loading.catch(() => {});
  const [source, opened] = await openTogether(starting, [openingUpstream, openingDatabase]);
  const [{ schema }, { startHttpServer }] = await loading;
  const { database, callersDatabase } = opened;
  const clocks = starting.use(await openClocks(database, { machineClock, logger }));
  const { clock = clocks.databaseClock } = overrides;
  const common = { config, metrics: metrics.sink, clock, machineClock: ownClock, logger };
  const { account } = source.upstream;
  const processId = randomUUID();
  const announcer = createChangeAnnouncer(opened.feedDatabase, processId, common);
  starting.defer(() => announcer.flush());
  const estimates = starting.use(createEstimates(database, account, { ...common, catalogue: config.catalogue }));

  const publicUrl = (): string => config.publicUrl ?? server.url;
  const background = starting.use(await openBackground({ ...common, source, database, announcer, publicUrl }));
  const { archive, tryFileUrl, findFileUrl } = background;

  const recording = {
    ...common,
    database,
    announcer,
    webhookExemptOrigins: config.webhooks.exemptOrigins,
    isArchiving: archive !== null,
    lendFile: archive?.lendFile,
    account,
    resultLifeMs: source.resultLifeMs,
    answerLog: createAnswerLog(join(config.dataDirectory, 'answers.log')),
    createTaskId: createTaskIds(clocks.databaseClock),
  };
  const { upstream } = source;
  const { isClockOff } = clocks;
  const scheduling = { ...opened, ...common, upstream, processId, instance, isClockOff, recording };
  const { scheduler, feed, keeper, troubles, unscheduledSeconds } = starting.use(
    openScheduling({ ...scheduling, ...(createPolicy && { createPolicy }) }),
  );
  if (source.sandbox !== null) await claimSandboxAccount(keeper, account);

  const useCases = createUseCases({
    ...recording,
    database: callersDatabase,
    feed,
    estimates,
    describe: scheduler.describe,
    catalogue: config.catalogue,
    exemptOrigins: source.exemptOrigins,
    createWaitMs: config.createWaitMs,
    quotas: config.access.quotas,
    tryFileUrl,
    findFileUrl,
  });
  const isReachable = createReachability(database, clock);
  const server = starting.use(
    await startHttpServer({
      host: config.host,
      port: config.port,
      schema,
      contextFor: (caller) => createContext({ useCases: scopeToOwner(caller, useCases, logger), clock }),
      authentication:
        overrides.authentication ?? openAuthentication(config.access, opened.accessDatabase, { clock, logger }),
      access: httpAccessOf(config.access, config.publicUrl),
      webSocketBounds: config.access.webSocket,
      maskError,
      executor: config.executor,
      compression: config.compression,
      metrics,
      readiness: async () => readinessOf(await isReachable(), { ...troubles(), ...clocks.troubles() }),
      findServedFile: archive?.findServed,
      page: (overrides.createPage ?? createPage)({
        graphiql: config.access.graphiql,
        resultOrigins: (): readonly string[] => resultOriginsOf(config, source.exemptOrigins, server),
        logger,
      }),
      logger,
      clock,
    }),
  );
  starting.defer(() => drainFor(server, drainMs, clock));

  metrics.readFrom({
    bucketLevels: scheduler.bucketLevels,
    longestUnanswered: scheduler.longestUnanswered,
    unknownTasks: scheduler.unknownTasks,
    isScheduling: scheduler.isScheduling,
    unscheduledSeconds,
    clockAheadSeconds: () => clocks.databaseClock.aheadMs() / 1_000,
    countTasksInFlight: () => countTasksInFlight(database, account),
    subscribers: server.subscribers,
    countWebhooksToDeliver: () => countWebhooksToDeliver(database),
    ...(archive && { countFilesToArchive: archive.countFilesToArchive }),
  });
  const facts = describeGateway(config, {
    database: opened.description,
    upstream: source.description,
    archive: archive?.description,
    recovered: await replayAnswerLog(recording),
    foreign: await countForeignTasks(database, account),
    pageIsBuilt: overrides.createPage !== undefined || isBuilt(),
    server,
  });
  scheduler.start();
  background.start();

  const running = starting.move();
  return { url: server.url, facts, sandbox: source.sandbox, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Running queries and mutations may finish; what takes longer is cut off by the close that follows. */
async function drainFor(server: HttpServer, ms: number, clock: Clock): Promise<void> {
  using limit = createTimeLimit(clock, ms);
  await Promise.race([server.drain(), limit.passed]);
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

/** The readiness shows trouble of the upstream, but stays ready: reading and recording work. */
function readinessOf(databaseReachable: boolean, troubles: Record<string, string>) {
  return {
    ready: databaseReachable,
    details: { database: databaseReachable ? 'reachable' : 'not reachable', ...troubles },
  };
}
