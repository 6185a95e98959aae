import { setTimeout as delay } from 'node:timers/promises';
import { createContext } from '../../schema/context.ts';
import { maskError } from '../../schema/errors.ts';
import { schema } from '../../schema/index.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { type HttpAccess, localAccess } from '../../src/http/request/access.ts';
import { type Authentication, localCaller } from '../../src/http/authentication/authentication.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { type HttpServer, startHttpServer } from '../../src/http/server.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { scopeToOwner } from '../../src/tasks/owner-scoped-use-cases.ts';
import { changeOf, type Call, createInMemoryUseCases, imageTask } from '../schema/in-memory-use-cases.ts';

export type GraphiqlServer = HttpServer & { calls: Call[] };

/** The real API over one task, which every subscription sees end. */
export async function startGraphiqlServer(
  options: { owner?: string; authentication?: Authentication; access?: Partial<HttpAccess> } = {},
): Promise<GraphiqlServer> {
  const { owner = 'local', authentication = localCaller } = options;
  const task = imageTask(1, { owner });
  const unwatched = Promise.withResolvers<void>();
  async function* watch() {
    for (const status of ['WAIT', 'RUN', 'DONE'] as const) {
      yield { ...task, status };
      await delay(20);
    }
    await unwatched.promise;
  }
  async function* watchChanges() {
    for await (const state of watch()) yield changeOf(state);
  }
  const { useCases, calls } = createInMemoryUseCases([task], {
    createTask: async () => task,
    watchTaskChanges: async () => watchChanges(),
    watchTask: async () => watch(),
  });
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    schema,
    contextFor: (caller) =>
      createContext({ useCases: scopeToOwner(caller, useCases, silentLogger), clock: systemClock }),
    authentication,
    maskError,
    metrics: createMetrics(),
    readiness: async () => ({ ready: true, details: {} }),
    logger: silentLogger,
    access: { ...localAccess, ...options.access },
  });
  const close = async (): Promise<void> => {
    unwatched.resolve();
    await server.close();
  };
  return { ...server, calls, close, [Symbol.asyncDispose]: close };
}
