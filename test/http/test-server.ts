import { setTimeout as delay } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { maskError } from '../../schema/errors.ts';
import type { Caller } from '../../src/domain/task/task.ts';
import { type HttpAccess, localAccess } from '../../src/http/request/access.ts';
import { localCaller } from '../../src/http/authentication/authentication.ts';
import { type ConnectionTimes, defaultConnectionTimes } from '../../src/http/request/connection-bounds.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../../src/http/server.ts';
import { silentLogger } from '../../src/kit/logger.ts';

/** What a test holds open, and lets go when it has seen enough. */
export type Gate = { opened: Promise<void>; open(): void; waiting: number };

export type Context = { caller: Caller; gate: Gate };

const typeDefs = /* GraphQL */ `
  type Query {
    hello: String!
    owner: String!
    echo(text: String!): String!
    nested: Query!
    slow: String!
    big(kilobytes: Int!): String!
    broken: String
    refused: String
  }
  type Mutation {
    slowly: String!
  }
  type Subscription {
    count(to: Int!): Int!
    endless: Int!
    flood(kilobytes: Int!): String!
    brokenAfter(count: Int!): Int!
    refusedAtOnce: Int!
    answersWith(value: String!): String!
  }
`;

async function* numbers(from: number, to: number): AsyncGenerator<number> {
  for (let number = from; number <= to; number += 1) {
    yield number;
    await delay(1);
  }
}

/** Ends only when its reader leaves, as a task's feed does: `return` must not wait for the next event. */
function endless(): AsyncIterableIterator<number> {
  let sent = false;
  const left = Promise.withResolvers<IteratorResult<number>>();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next() {
      if (sent) return left.promise;
      sent = true;
      return Promise.resolve({ done: false, value: 1 });
    },
    return() {
      left.resolve({ done: true, value: undefined });
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}

async function waitAt({ gate }: Context): Promise<string> {
  gate.waiting += 1;
  await gate.opened;
  return 'done';
}

export const testSchema = createSchema<Context>({
  typeDefs,
  resolvers: {
    Query: {
      hello: () => 'world',
      owner: (_root, _input, { caller }) => caller.owner,
      echo: (_root, { text }: { text: string }) => text,
      nested: () => ({}),
      slow: (_root, _input, context) => waitAt(context),
      big: (_root, { kilobytes }: { kilobytes: number }) => 'x'.repeat(kilobytes * 1024),
      broken: () => {
        throw new Error('the password is hunter2');
      },
      refused: () => {
        throw new GraphQLError('Not here.', { extensions: { code: 'NOT_FOUND', http: { status: 404 } } });
      },
    },
    Mutation: { slowly: (_root, _input, context) => waitAt(context) },
    Subscription: {
      count: { subscribe: (_root, { to }: { to: number }) => numbers(1, to), resolve: (number: number) => number },
      endless: { subscribe: endless, resolve: (number: number) => number },
      flood: {
        subscribe: () => numbers(1, 1_000_000),
        resolve: (_number: number, { kilobytes }: { kilobytes: number }) => 'x'.repeat(kilobytes * 1024),
      },
      brokenAfter: {
        subscribe: async function* (_root, { count }: { count: number }) {
          yield* numbers(1, count);
          throw new Error('the password is hunter2');
        },
        resolve: (number: number) => number,
      },
      refusedAtOnce: {
        // oxlint-disable-next-line require-yield -- its first turn already throws, like a feed of an unknown task
        subscribe: async function* () {
          throw new GraphQLError('No such task.', { extensions: { code: 'NOT_FOUND', http: { status: 404 } } });
        },
      },
      answersWith: {
        subscribe: async function* (_root, { value }: { value: string }, context) {
          if (value === 'slow') await waitAt(context);
          yield value;
        },
        resolve: (value: string) => value,
      },
    },
  },
});

export function createGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve, waiting: 0 };
}

export type TestServer = HttpServer & { gate: Gate };

/** Whatever the Host header says is answered, unless a test is about it. */
type TestServerOptions = Partial<Omit<HttpServerOptions, 'contextFor' | 'schema' | 'access' | 'connectionTimes'>> & {
  access?: Partial<HttpAccess>;
  connectionTimes?: Partial<ConnectionTimes>;
};

/** The real server over a schema of its own: what is tested here is the way to a schema, not the API. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const gate = createGate();
  const metrics = createMetrics();
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    schema: testSchema,
    contextFor: (caller) => ({ caller, gate }),
    authentication: localCaller,
    maskError,
    metrics,
    readiness: () => Promise.resolve({ ready: true, details: { database: 'reachable' } }),
    logger: silentLogger,
    ...options,
    access: { ...localAccess, loopbackOnly: false, ...options.access },
    connectionTimes: { ...defaultConnectionTimes, ...options.connectionTimes },
  });
  return { ...server, gate };
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
