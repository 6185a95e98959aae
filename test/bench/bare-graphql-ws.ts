import { once } from 'node:events';
import { createServer } from 'node:http';
import { buildSchema, type DocumentNode, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createPromptIterator, iteratorEnd } from '../../src/kit/prompt-iterator.ts';

const typeDefinitions = `
  type Query { nothing: String }
  type Subscription { taskStatus(id: ID!): Task! }
  interface Node { id: ID! }
  interface AigcTask {
    id: ID! status: String! revision: Int! startedAt: String endedAt: String
    estimate: Estimate failure: Failure files: [File!]!
  }
  type Task implements AigcTask {
    id: ID! status: String! revision: Int! startedAt: String endedAt: String
    estimate: Estimate failure: Failure files: [File!]!
  }
  type Estimate { expectedEndAt: String! progress: Float! }
  type Failure { code: String! message: String! }
  type File { id: ID! url: String expiresAt: String }
`;

/** graphql-ws as it comes, that tells each subscriber a made-up task at once, and nothing more: no checks, no database. */
export async function startBareGraphQLWs(): Promise<AsyncDisposable & { url: string }> {
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
        rootValue: { taskStatus: ({ id }: { id: string }) => oneTask(id) },
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

function oneTask(id: string): AsyncIterable<object> {
  const task = { id, status: 'WAIT', revision: 1, files: [] };
  const left = Promise.withResolvers<void>();
  let isTold = false;
  return createPromptIterator<object>({
    async next() {
      if (isTold) return await left.promise.then(() => iteratorEnd);
      isTold = true;
      return { done: false, value: { taskStatus: task } };
    },
    end: () => left.resolve(),
  });
}
