import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Caller } from '../../domain/task/task.ts';
import type { Logger } from '../../kit/logger.ts';
import { createCompiledExecute } from '../../execution/compiled-execute.ts';
import { createCompiledExecution } from './compiled-execution.ts';
import { createDocumentCache } from './documents/cache.ts';
import { createDocumentLimits } from './document-limits.ts';
import type { MaskError } from './error-masking.ts';
import { createKnownQueries, type KnownQueries } from './known-queries.ts';
import type { ServerContext, ServerPlugin } from './server-plugin.ts';
import { createRunningOperations } from './running-operations.ts';

/** What executes queries. `standard` is the executor that Yoga brings along; it executes everything else anyway. */
export type Executor = 'compiled' | 'standard';

export type PipelineOptions = {
  schema: GraphQLSchema;
  contextFor(caller: Caller): object;
  maskError: MaskError;
  /** Before the pipeline's own. */
  subscriptions: ServerPlugin;
  plugins: ServerPlugin[];
  introspection: boolean;
  executor?: Executor | undefined;
  logger: Logger;
};

export type Pipeline = YogaServerInstance<ServerContext, object> & {
  /** Null with the standard executor. */
  knownQueries: KnownQueries | null;
};

export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, contextFor, subscriptions, introspection, executor = 'compiled', maskError, logger } = options;
  const documents = createDocumentCache();
  const limits = createDocumentLimits({ introspection });
  const running = createRunningOperations();
  const contextOf = ({ identity }: Pick<ServerContext, 'identity'>): object => contextFor(identity.caller);
  const executeCompiled = executor === 'compiled' ? createCompiledExecute(schema) : null;
  const shared = { schema, documents, limits, running, maskError };
  const knownQueries =
    executeCompiled &&
    createKnownQueries({ ...shared, executeCompiled, contextFor: (identity) => contextOf({ identity }) });
  const yoga = createYoga<ServerContext, object>({
    schema,
    context: contextOf,
    maskedErrors: { maskError },
    plugins: [
      ...(executeCompiled ? [createCompiledExecution(executeCompiled)] : []),
      subscriptions,
      limits.plugin,
      running.plugin,
      ...(knownQueries ? [knownQueries.plugin] : []),
      ...options.plugins,
    ],
    // Errors are not cached: texts that never come again would displace those that do.
    parserAndValidationCache: { documentCache: documents, errorCache: { get: () => undefined, set() {} } },
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
  return Object.assign(yoga, { knownQueries });
}
