import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '../kit/clock.ts';
import { TemporarilyUnavailableError } from '../domain/errors.ts';
import type { FindServedFile } from '../domain/task/served-file.ts';
import type { Logger } from '../kit/logger.ts';
import type { HttpAccess } from './request/access.ts';
import type { Admission } from './request/admission.ts';
import { credentialsOf } from './authentication/authentication.ts';
import { answerRefusal } from './request/answer-refusal.ts';
import { answer, answerJson, answerText } from './request/answer.ts';
import { type Cors, forbiddenOrigin, isPreflight } from './request/cors.ts';
import { answerGraphQL } from './graphql/graphql-endpoint.ts';
import { createFileRoute, isFilePath } from './static/files.ts';
import { createGraphiql } from './static/graphiql/graphiql.ts';
import { asksForPage } from './static/graphiql/page.ts';
import { answerReadiness, type Readiness } from './health.ts';
import { hostRefusal } from './request/host.ts';
import { checkMetricsAccess, isOperator } from './request/metrics-access.ts';
import type { Metrics } from './metrics.ts';
import type { Page } from './static/page/page.ts';
import { pathOf, paths } from './request/paths.ts';
import type { Pipeline } from './graphql/pipeline.ts';
import type { LogRefusedAddress } from './request/refused-addresses.ts';
import { RefusedRequest, shuttingDown, unavailable, unexpected } from './request/refused-request.ts';
import { mayBeTooLong } from './request/request-body.ts';
import { setSecurityHeaders } from './request/security-headers.ts';
import { asksForWebSocket } from './sockets/handshake.ts';

export type RoutesOptions = {
  pipeline: Pipeline;
  admission: Admission;
  /** Whether long answers are compressed for clients that take it. */
  compression: boolean;
  access: HttpAccess;
  cors: Cors;
  readiness(): Promise<Readiness>;
  isOpen(): boolean;
  metrics: Metrics;
  findServedFile?: FindServedFile | undefined;
  page?: Page | undefined;
  logRefusedAddress: LogRefusedAddress;
  logger: Logger;
  clock: Clock;
};

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

export function createRoutes(options: RoutesOptions): RequestListener {
  const { admission, access, cors, readiness, isOpen, metrics, findServedFile, page, logger, clock } = options;
  const answerFile = findServedFile ? createFileRoute({ findServed: findServedFile, clock, logger }) : null;
  const graphiql = access.graphiql ? createGraphiql(admission) : null;
  const routes = new Map<string, Route>([
    [paths.live, (_request, response) => answerJson(response, 200, { live: true })],
    [paths.ready, answerHealth],
    [paths.metrics, answerMetrics],
  ]);
  if (graphiql && !page) {
    const headers = { Location: paths.graphql };
    routes.set(paths.page, (_request, response) => answerText(response, 302, `See ${paths.graphql}`, headers));
  }

  function answerHealth(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const withDetails = isOperator(credentialsOf(request), access);
    return answerReadiness(response, { readiness, withDetails, logger });
  }

  async function answerMetrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkMetricsAccess(credentialsOf(request), access);
    answer(response, 200, await metrics.render());
  }

  async function answerGraphQLPath(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (graphiql && asksForPage(request)) return graphiql.answerPage(request, response);
    cors.setHeaders(request, response);
    if (isPreflight(request)) return cors.answerPreflight(request, response);
    if (!isOpen()) throw shuttingDown();
    if (asksForWebSocket(request)) throw notUpgraded(request);
    await answerGraphQL(options, request, response);
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = hostRefusal(request, access);
    if (refusal) throw refusal;
    const path = pathOf(request);
    if (path === paths.graphql) return answerGraphQLPath(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new RefusedRequest(405, 'Only GET and HEAD here.', { headers: { Allow: 'GET, HEAD' } });
    }
    const found = routes.get(path);
    if (found) return found(request, response);
    if (answerFile && isFilePath(path)) return await answerFile(request, response, path);
    if (await page?.answerPage(request, response, path)) return;
    if (await graphiql?.answerAsset(request, response, path)) return;
    answerText(response, 404, `Nothing is here. The API is at ${paths.graphql}.`);
  }

  return (request, response) => {
    setSecurityHeaders(response);
    if (request.method !== 'POST' && mayBeTooLong(request)) response.setHeader('Connection', 'close');
    route(request, response).catch((error: unknown) => {
      // The client has gone, often in the middle of its own request.
      if (response.destroyed || request.errored) return;
      const refusal = error instanceof RefusedRequest ? error : refusalOf(request, error);
      options.logRefusedAddress(request, refusal);
      if (response.headersSent) response.destroy();
      else void answerRefusal(request, response, refusal, clock);
    });
  };

  /** node:http passes on an upgrade only with both headers. */
  function notUpgraded(request: IncomingMessage): RefusedRequest {
    if (!cors.isAllowedOrigin(request)) return forbiddenOrigin('Pages of other origins may not connect.');
    return new RefusedRequest(
      426,
      'Upgrade came without Connection: Upgrade. A proxy in front has to pass both on for WebSockets.',
      { headers: { Upgrade: 'websocket', Connection: 'Upgrade, close' } },
    );
  }

  function refusalOf(request: IncomingMessage, error: unknown): RefusedRequest {
    if (error instanceof TemporarilyUnavailableError) return unavailable(error.message, error.retryAfterSeconds);
    logger.error({ err: error, path: pathOf(request) }, 'a request failed unexpectedly');
    return unexpected();
  }
}
