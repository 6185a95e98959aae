import { createSchema } from 'graphql-yoga';
import { maskError } from '../../schema/errors.ts';
import type { Clock } from '../../src/kit/clock.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createPromptIterator, iteratorEnd } from '../../src/kit/prompt-iterator.ts';
import type { Caller } from '../../src/domain/task/task.ts';
import type { Executor } from '../../src/http/graphql/pipeline.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { startHttpServer } from '../../src/http/server.ts';
import type { Keyring } from './keyring.ts';

export type Happening = { number: number; text: string };

const typeDefs = /* GraphQL */ `
  type Query {
    nothing: String
  }
  type Subscription {
    happening(topic: String = "any"): Happening!
  }
  type Happening {
    number: Int!
    text(upTo: Int): String!
    late: String!
    now: String!
    owner: String!
    broken: String
    brokenForAll: String!
  }
`;

/** What each field depends on, as the schema would say it. */
const dependsOn: Record<string, string> = {
  number: 'object',
  text: 'object',
  late: 'object',
  now: 'moment',
  broken: 'object',
  brokenForAll: 'object',
};

/** A server that tells all subscribers what happens, and counts how often each field is resolved. */
export async function startLiveServer(executor: Executor, { authentication }: Keyring, clock: Clock) {
  const resolved: Record<string, number> = {};
  const count = (name: string): void => void (resolved[name] = (resolved[name] ?? 0) + 1);
  const hub = createHub();
  const schema = createSchema<{ caller: Caller }>({
    typeDefs,
    resolvers: {
      Subscription: { happening: { subscribe: () => hub.subscribe(), resolve: (event: Happening) => event } },
      Happening: {
        text({ text }: Happening, { upTo }: { upTo?: number }) {
          count('text');
          return text.slice(0, upTo);
        },
        async late({ text }: Happening) {
          count('late');
          return await Promise.resolve(text);
        },
        now() {
          count('now');
          return String(clock.now());
        },
        owner(_happening, _given, { caller }) {
          count('owner');
          return caller.owner;
        },
        broken() {
          throw new Error('the password is hunter2');
        },
        brokenForAll() {
          throw new Error('the password is hunter2');
        },
      },
    },
  });
  for (const [typeName, names] of [
    ['Subscription', ['happening']],
    ['Happening', Object.keys(dependsOn)],
  ] as const) {
    const type = schema.getType(typeName);
    if (!type || !('getFields' in type)) throw new Error(`There is no ${typeName}.`);
    for (const name of names) {
      const field = type.getFields()[name];
      if (field) field.extensions = { dependsOn: dependsOn[name] ?? 'object' };
    }
  }
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    schema,
    contextFor: (caller) => ({ caller }),
    authentication,
    maskError,
    executor,
    metrics: createMetrics(),
    readiness: () => Promise.resolve({ ready: true, details: {} }),
    logger: silentLogger,
    clock,
  });
  return { ...server, resolved, happens: hub.happens };
}

export type LiveServer = Awaited<ReturnType<typeof startLiveServer>>;

function createHub() {
  const subscribers = new Set<{ waiting: Happening[]; wake(): void; isOver: boolean }>();
  return {
    happens(happening: Happening): void {
      for (const subscriber of subscribers) {
        subscriber.waiting.push(happening);
        subscriber.wake();
      }
    },
    subscribe() {
      const own = { waiting: Array<Happening>(), wake() {}, isOver: false };
      subscribers.add(own);
      return createPromptIterator<Happening>({
        async next() {
          if (own.waiting.length === 0 && !own.isOver) await new Promise<void>((resolve) => (own.wake = resolve));
          const value = own.waiting.shift();
          return value === undefined || own.isOver ? iteratorEnd : { done: false, value };
        },
        end() {
          own.isOver = true;
          subscribers.delete(own);
          own.wake();
        },
      });
    },
  };
}
