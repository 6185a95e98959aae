import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { createClient, type Client, type FormattedExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Config } from '../../src/config/config.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import type { UpstreamLimits } from '../../src/domain/upstream.ts';
import { noQuotas } from './no-quotas.ts';
import { defaultWebSocketBounds } from '../../src/http/sockets/bounds.ts';
import { startGateway, type Gateway, type GatewayOverrides } from '../../src/gateway/gateway.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createTestDatabase } from './database.ts';

/** So high that tests which are not about limits never meet one. */
export const wideLimits: UpstreamLimits = {
  CreateAigcImageTask: 200,
  DescribeAigcImageTask: 200,
  CreateAigcVideoTask: 200,
  DescribeAigcVideoTask: 200,
  CreateAigcAudioTask: 200,
  DescribeAigcAudioTask: 200,
};

/** As it is without any configuration: one local caller. */
export const openAccess: Config['access'] = {
  modes: [],
  allowOpen: false,
  tokens: null,
  corsOrigins: [],
  graphiql: true,
  introspection: true,
  rateLimit: null,
  metricsToken: null,
  quotas: noQuotas,
  webSocket: defaultWebSocketBounds,
};

export function testConfig(databaseUrl: string, dataDirectory: string, changes: Partial<Config> = {}): Config {
  return {
    host: '127.0.0.1',
    port: 0,
    databaseUrl,
    databaseListenUrl: null,
    dataDirectory,
    logLevel: 'silent',
    upstream: null,
    upstreamAccount: 'test',
    upstreamLimits: wideLimits,
    catalogue: builtInCatalogue,
    // A picture of 8 s takes 40 ms.
    sandbox: { port: 0, speed: 200, failShare: 0, seed: 1 },
    createWaitMs: 2_000,
    submissions: 'on',
    executor: 'compiled',
    compression: true,
    access: openAccess,
    webhooks: { secrets: [], exemptOrigins: [] },
    archive: null,
    publicUrl: null,
    ...changes,
  };
}

export type TestGateway = AsyncDisposable & {
  gateway: Gateway;
  config: Config;
  url: string;
  /** Sends one operation over HTTP, as a frontend would. */
  send<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<FormattedExecutionResult<Data>>;
  /** The same, where errors are not expected: throws them. */
  ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data>;
  /** Subscribes over WebSocket. */
  watch<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): AsyncIterableIterator<FormattedExecutionResult<Data & Record<string, unknown>, unknown>>;
};

/** A whole gateway on a database of its own, with the sandbox in its process unless `changes` name an upstream. */
export async function startTestGateway(
  changes: Partial<Config> = {},
  overrides: GatewayOverrides = {},
): Promise<TestGateway> {
  await using starting = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'gateway-'));
  starting.defer(() => rm(directory, { recursive: true, force: true }));
  const database = starting.use(await createTestDatabase());
  const config = testConfig(database.connectionString, directory, changes);
  const gateway = starting.use(await startGateway(config, { logger: silentLogger, ...overrides }));
  const client = createClient({ url: socketUrl(gateway.url), webSocketImpl: WebSocket, retryAttempts: 0 });
  starting.defer(async () => await client.dispose());
  const running = starting.move();
  return {
    gateway,
    config,
    url: gateway.url,
    ...createFrontend(gateway.url, client),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export function socketUrl(url: string): string {
  return `${url.replace('http', 'ws')}/graphql`;
}

/** The three ways in which a frontend talks to a gateway. */
export function createFrontend(url: string, client: Client): Pick<TestGateway, 'send' | 'ask' | 'watch'> {
  const send: TestGateway['send'] = async (document, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: print(document), variables }),
    });
    return await response.json();
  };
  return {
    send,
    async ask(document, variables) {
      const { data, errors } = await send(document, variables);
      if (errors || !data) throw new Error(JSON.stringify(errors));
      return data;
    },
    watch: <Data, Variables extends Record<string, unknown>>(
      document: TypedDocumentNode<Data, Variables>,
      variables: Variables,
    ) => client.iterate<Data & Record<string, unknown>>({ query: print(document), variables }),
  };
}
