import { once } from 'node:events';
import { createServer } from 'node:http';
import { buildSchema, type DocumentNode, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createPromptIterator, iteratorEnd } from '../../src/kit/prompt-iterator.ts';

const typeDefinitions = `
  type Query { nothing: String }
  type Subscription { taskStatus(id: ID!): AigcTask! }
  interface Node { id: ID! }
  interface AigcTask {
    id: ID! status: String! revision: Int! startedAt: String endedAt: String
    estimate: Estimate failure: Failure files: [File!]!
  }
  type ImageTask implements AigcTask {
    id: ID! status: String! revision: Int! startedAt: String endedAt: String
    estimate: Estimate failure: Failure files: [File!]!
  }
  type Estimate { expectedEndAt: String! progress: Float! }
  type Failure { code: String! message: String! }
  type File { id: ID! url: String expiresAt: String }
`;

export type BareServer = AsyncDisposable & {
  url: string;
  /** Tells all subscribers of a task that it has changed. Returns its revision. */
  change(id: string): number;
};

/** graphql-ws as it comes, that tells subscribers made-up tasks, the first at once, and nothing more: no checks, no database. */
export async function startBareGraphQLWs(): Promise<BareServer> {
  const tasks = createMadeUpTasks();
  const schema = buildSchema(typeDefinitions);
  const documents = new Map<string, DocumentNode>();
  const server = createServer();
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  const serving = useServer(
    {
      onSubscribe: (_context, _id, { query, variables }) => ({
        schema,
        document: cached(documents, query),
        variableValues: variables ?? {},
        rootValue: { taskStatus: ({ id }: { id: string }) => tasks.watch(id) },
      }),
    },
    sockets,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `ws://127.0.0.1:${port}/graphql`,
    change: tasks.change,
    async [Symbol.asyncDispose]() {
      await serving.dispose();
      server.close();
    },
  };
}

function cached(documents: Map<string, DocumentNode>, query: string): DocumentNode {
  const document = documents.get(query) ?? parse(query);
  documents.set(query, document);
  return document;
}

type Watcher = { revision: number; wake(): void };

function createMadeUpTasks() {
  const revisions = new Map<string, number>();
  const watchers = new Map<string, Set<Watcher>>();
  const revisionOf = (id: string): number => revisions.get(id) ?? 1;

  function watch(id: string): AsyncIterable<object> {
    const watching = watchers.get(id) ?? new Set();
    watchers.set(id, watching);
    const watcher: Watcher = { revision: 0, wake() {} };
    watching.add(watcher);
    return createPromptIterator<object>({
      async next() {
        if (watcher.revision === revisionOf(id)) await new Promise<void>((resolve) => (watcher.wake = resolve));
        if (!watching.has(watcher)) return iteratorEnd;
        watcher.revision = revisionOf(id);
        return { done: false, value: { taskStatus: madeUpTask(id, watcher.revision) } };
      },
      end() {
        watching.delete(watcher);
        watcher.wake();
      },
    });
  }

  return {
    watch,
    change(id: string): number {
      const revision = revisionOf(id) + 1;
      revisions.set(id, revision);
      for (const { wake } of watchers.get(id) ?? []) wake();
      return revision;
    },
  };
}

/** As long as the gateway's. */
function madeUpTask(id: string, revision: number): object {
  const startedAt = revision === 1 ? null : '2026-01-01T00:00:00.000Z';
  return { __typename: 'ImageTask', id, status: revision === 1 ? 'WAIT' : 'RUN', revision, startedAt, files: [] };
}
