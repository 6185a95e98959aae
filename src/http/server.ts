import { once } from 'node:events';
import { createServer } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { FindServedFile } from '../domain/task/served-file.ts';
import type { Caller } from '../domain/task/task.ts';
import type { Logger } from '../kit/logger.ts';
import { type HttpAccess, localAccess } from './request/access.ts';
import { createAdmission } from './request/admission.ts';
import type { Authentication } from './authentication/authentication.ts';
import {
  boundSending,
  type ConnectionTimes,
  connectionOptions,
  defaultConnectionTimes,
} from './request/connection-bounds.ts';
import { createCors } from './request/cors.ts';
import { logUnexpected, type MaskError } from './graphql/error-masking.ts';
import { createEventStreams } from './graphql/event-streams.ts';
import type { Readiness } from './health.ts';
import { displayHost, listen } from './listen.ts';
import type { Metrics } from './metrics.ts';
import type { Page } from './static/page/page.ts';
import { createPipeline, type Executor } from './graphql/pipeline.ts';
import { createRateLimit } from './request/rate-limit.ts';
import { createRefusedAddressLog } from './request/refused-addresses.ts';
import { createRequestLog } from './request/request-log.ts';
import { createRoutes } from './routes.ts';
import { createRunningAnswers } from './request/running-answers.ts';
import { createRunningIdentities, sweepIntervalMs } from './request/running-identities.ts';
import { defaultWebSocketBounds, type WebSocketBounds } from './sockets/bounds.ts';
import { createHandshakeCheck } from './sockets/check-handshake.ts';
import { createWebSocketEndpoint } from './sockets/endpoint.ts';
import { asksForWebSocket } from './sockets/handshake.ts';
import { createOperate } from './sockets/operate.ts';

export type HttpServerOptions = {
  host: string;
  /** 0: any free port. */
  port: number;
  schema: GraphQLSchema;
  contextFor(caller: Caller): object;
  authentication: Authentication;
  access?: HttpAccess;
  connectionTimes?: ConnectionTimes;
  webSocketBounds?: WebSocketBounds;
  maskError: MaskError;
  executor?: Executor;
  compression?: boolean;
  metrics: Metrics;
  readiness(): Promise<Readiness>;
  findServedFile?: FindServedFile | undefined;
  /** Shown at `/`. Absent: a redirect to GraphiQL. */
  page?: Page | undefined;
  logger: Logger;
  clock?: Clock;
};

export type HttpServer = AsyncDisposable & {
  url: string;
  port: number;
  subscribers(): number;
  /**
   * Stops being ready and takes nothing new; closes WebSockets with 1012 and cuts streams of events off, so that their
   * clients connect elsewhere. Resolves when the running queries and mutations were answered.
   */
  drain(): Promise<void>;
  close(): Promise<void>;
};

/** A reader that vanished is noticed within twice this time; also keeps proxies from closing idle connections. */
const pingIntervalMs = 12_000;

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { clock = systemClock } = options;
  const stopped = new AbortController();
  let draining: Promise<void> | null = null;
  const parts = assemble(options, () => draining === null, clock);
  const { server, answers, webSockets, eventStreams } = parts;
  const port = await listen(server, options);
  const chores = { clock, signal: stopped.signal };
  void repeatEvery(pingIntervalMs, chores, () => {
    webSockets.ping();
    eventStreams.dropStalled();
  });
  void repeatEvery(sweepIntervalMs, chores, () => void parts.identities.sweep());

  async function drainOnce(): Promise<void> {
    server.close();
    eventStreams.end();
    await Promise.all([answers.finish(), webSockets.drain()]);
    server.closeIdleConnections();
  }

  async function close(): Promise<void> {
    stopped.abort();
    draining ??= Promise.resolve();
    webSockets.close();
    const closed = server.listening ? once(server, 'close') : null;
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return {
    url: `http://${displayHost(options.host)}:${port}`,
    port,
    subscribers: parts.subscribers,
    drain: () => (draining ??= drainOnce()),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Everything between a connection and the schema; does not listen yet. */
function assemble(options: HttpServerOptions, isOpen: () => boolean, clock: Clock) {
  const { logger, metrics, authentication, access = localAccess, connectionTimes = defaultConnectionTimes } = options;
  const { compression = true } = options;
  const identities = createRunningIdentities(authentication.findEnded, { clock, logger });
  const bounds = options.webSocketBounds ?? defaultWebSocketBounds;
  const eventStreams = createEventStreams({
    hold: identities.hold,
    maxStreamsPerKey: bounds.maxSocketsPerKey,
    logger,
  });
  const maskError = logUnexpected(options.maskError, logger);
  const pipeline = createPipeline({
    ...options,
    introspection: access.introspection,
    maskError,
    plugins: [eventStreams.plugin],
    clock,
  });
  const admission = createAdmission(authentication, createRateLimit({ perSecond: access.rateLimit }));
  const requestLog = createRequestLog({ logger, metrics, clock });
  const logRefusedAddress = createRefusedAddressLog({ logger, clock });
  const cors = createCors(access);
  const webSockets = createWebSocketEndpoint({
    check: createHandshakeCheck({ access, cors, isOpen }),
    operate: createOperate({ pipeline, admission, maskError }),
    authenticate: admission.authenticate,
    hold: identities.hold,
    bounds,
    observe: requestLog,
    logRefusedAddress,
    logger,
    clock,
  });
  const readiness = async (): Promise<Readiness> =>
    isOpen() ? options.readiness() : { ready: false, details: { server: 'is shutting down' } };
  const routing = { access, cors, pipeline, admission, compression, readiness, isOpen, logRefusedAddress, clock };
  const answerRequest = createRoutes({ ...options, ...routing });
  const answers = createRunningAnswers();
  // Other upgrades (Java's client tries HTTP/2) are answered as if they were none. An older Node ignores this option, so
  // the handshake checks everything itself.
  const upgrading = { shouldUpgradeCallback: asksForWebSocket };
  const server = createServer({ ...connectionOptions(connectionTimes), ...upgrading }, (request, response) => {
    answers.add(response);
    boundSending(response, connectionTimes.stalledMs, logger);
    requestLog(request, response);
    answerRequest(request, response);
  });
  server.on('upgrade', webSockets.upgrade);
  return { server, answers, webSockets, eventStreams, identities, subscribers: pipeline.subscriptions.count };
}

async function repeatEvery(
  intervalMs: number,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  turn: () => void,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(intervalMs, signal).then(turn, () => {});
  }
}
