import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Caller } from '../../domain/task/task.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import { createCompiledExecute } from '../../execution/compiled-execute.ts';
import { createCompiledExecution } from './compiled-execution.ts';
import { createDocumentLimits } from './document-limits.ts';
import type { MaskError } from './error-masking.ts';
import { createKnownDocuments, type KnownDocuments } from './known-documents.ts';
import { createKnownQueries, type KnownQueries } from './known-queries.ts';
import type { ServerContext, ServerPlugin } from './server-plugin.ts';
import { createRunningOperations } from './running-operations.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

/** What executes queries and events. `standard` is the one of the GraphQL server; it executes everything else anyway. */
export type Executor = 'compiled' | 'standard';

export type PipelineOptions = {
  schema: GraphQLSchema;
  contextFor(caller: Caller): object;
  maskError: MaskError;
  plugins: ServerPlugin[];
  introspection: boolean;
  executor?: Executor | undefined;
  logger: Logger;
  clock: Pick<Clock, 'now'>;
};

export type Pipeline = YogaServerInstance<ServerContext, object> & {
  /** Null with the standard executor. */
  knownQueries: KnownQueries | null;
  documents: KnownDocuments;
  subscriptions: Subscriptions;
};

export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, contextFor, introspection, executor = 'compiled', maskError, logger, clock } = options;
  const documents = createKnownDocuments();
  const limits = createDocumentLimits({ introspection });
  const running = createRunningOperations();
  const executeCompiled = executor === 'compiled' ? createCompiledExecute(schema) : null;
  const shared = { schema, documents, limits, running, contextFor, maskError };
  const knownQueries = executeCompiled && createKnownQueries({ ...shared, executeCompiled });
  const subscriptions = createSubscriptions({ ...options, executor, limits, running, now: () => clock.now() });
  const yoga = createYoga<ServerContext, object>({
    schema,
    context: ({ identity }) => contextFor(identity.caller),
    maskedErrors: { maskError },
    plugins: [
      ...(executeCompiled ? [createCompiledExecution(executeCompiled)] : []),
      subscriptions.plugin,
      limits.plugin,
      running.plugin,
      documents.plugin,
      ...options.plugins,
    ],
    // Errors are not cached: texts that never come again would displace those that do.
    parserAndValidationCache: { documentCache: documents.cache, errorCache: { get: () => undefined, set() {} } },
    logging: {
      debug: () => {},
      info: (...details) => logger.info({ details }, 'from the GraphQL server'),
      warn: (...details) => logger.warn({ details }, 'from the GraphQL server'),
      // Yoga logs every masked error, also a caller's mistake: maskError's log has the unexpected ones.
      error: () => {},
    },
    // Done before it, in node:http, at half the cost: checks of requests, pages and health.
    maxRequestBodySize: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    cors: false,
  });
  return Object.assign(yoga, { knownQueries, documents, subscriptions });
}
