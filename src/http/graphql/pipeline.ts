import type { GraphQLSchema } from 'graphql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import type { Caller } from '../../domain/task/task.ts';
import type { Logger } from '../../kit/logger.ts';
import { createCompiledExecution } from './compiled-execution.ts';
import { createDocumentCache } from './documents/cache.ts';
import { createDocumentLimits } from './document-limits.ts';
import type { MaskError } from './error-masking.ts';
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

export type Pipeline = YogaServerInstance<ServerContext, object>;

export function createPipeline(options: PipelineOptions): Pipeline {
  const {
    schema,
    contextFor,
    maskError,
    subscriptions,
    plugins,
    introspection,
    executor = 'compiled',
    logger,
  } = options;
  const execution = executor === 'compiled' ? [createCompiledExecution(schema)] : [];
  return createYoga<ServerContext, object>({
    schema,
    context: ({ identity }) => contextFor(identity.caller),
    maskedErrors: { maskError },
    plugins: [
      ...execution,
      subscriptions,
      createDocumentLimits({ introspection }),
      createRunningOperations(),
      ...plugins,
    ],
    // Errors are not cached: texts that never come again would displace those that do.
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: { get: () => undefined, set() {} } },
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
}
