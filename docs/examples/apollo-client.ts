import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache, type Cache, type Reference } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient, type Client } from 'graphql-ws';

/** Use this fragment wherever you ask for a task, and one answer keeps every part of the page up to date. */
export const taskFields = gql`
  fragment TaskFields on AigcTask {
    id
    revision
    status
    prompt
    failure {
      code
      message
    }
    files {
      id
      url
    }
  }
`;

const taskTypes = ['ImageTask', 'VideoTask', 'AudioTask'];

/** What `... on AigcTask` and the like stand for, which the cache can't know by itself. */
export const possibleTypes = {
  AigcTask: taskTypes,
  Task: taskTypes,
  ResultFile: ['ImageFile', 'VideoFile', 'AudioFile'],
  UserError: [
    'InvalidInputError',
    'IdempotencyConflictError',
    'QuotaExceededError',
    'TaskNotFoundError',
    'UpstreamTaskNotFoundError',
    'TaskAlreadySubmittedError',
    'TaskNotRetryableError',
  ],
  CreateImageTaskResult: [
    'CreateImageTaskPayload',
    'InvalidInputError',
    'IdempotencyConflictError',
    'QuotaExceededError',
  ],
};

/**
 * Answers can overtake each other: a list that was read before a task ended may arrive after the news of its end. A task
 * that comes with an older revision than the cached one is replaced by it, as a whole. This is not a `merge` function of
 * `typePolicies`: those see one field at a time, and never the revision beside it.
 */
export class TaskCache extends InMemoryCache {
  constructor() {
    super({ possibleTypes });
  }

  override write(options: Cache.WriteOptions): Reference | undefined {
    return super.write({ ...options, result: this.withoutOlder(options.result) });
  }

  private withoutOlder(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.withoutOlder(item));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value).map(([name, field]) => [name, this.withoutOlder(field)]);
    return this.findNewer(value) ?? Object.fromEntries(fields);
  }

  private findNewer(value: { __typename?: string; id?: string; revision?: number }): object | null {
    const { __typename: type, id, revision } = value;
    if (type === undefined || id === undefined || revision === undefined || !taskTypes.includes(type)) return null;
    const from = { __typename: type, id };
    const cached = this.readFragment<{ revision: number }>({ from, fragment: taskFields, returnPartialData: true });
    return (cached?.revision ?? 0) > revision ? cached : null;
  }
}

/**
 * After a lost connection, graphql-ws sends what was subscribed to again. `taskChanges` then goes on after the last change
 * that came.
 */
export function resuming(client: Client): Client {
  return {
    ...client,
    subscribe(payload, sink) {
      const variables = { ...payload.variables };
      const next: typeof sink.next = (result) => {
        const { taskChanges: change }: { taskChanges?: { cursor?: string } } = result.data ?? {};
        if (change?.cursor) variables['after'] = change.cursor;
        sink.next(result);
      };
      return client.subscribe({ ...payload, variables }, { ...sink, next });
    },
  };
}

/**
 * Queries and mutations over HTTP, subscriptions over one WebSocket that comes back when it is lost. Where the gateway asks
 * who calls, `getToken` is asked for a token before each request and each connection.
 */
export function createTaskClient(url: string, getToken?: () => string | Promise<string>): ApolloClient {
  const credentials = async () => getToken && { Authorization: `Bearer ${await getToken()}` };
  const socket = createClient({
    url: url.replace(/^http/, 'ws'),
    connectionParams: credentials,
    retryAttempts: Infinity,
    shouldRetry: () => true,
  });
  const withCredentials = new SetContextLink(async () => ({ headers: await credentials() }));
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(resuming(socket)),
    withCredentials.concat(new HttpLink({ uri: url })),
  );
  return new ApolloClient({ link, cache: new TaskCache() });
}

export const createImageTask = gql`
  mutation CreateImageTask($input: CreateImageTaskInput!) {
    createImageTask(input: $input) {
      ... on CreateImageTaskPayload {
        task {
          ...TaskFields
        }
      }
      ... on UserError {
        message
      }
    }
  }
  ${taskFields}
`;

export const tasks = gql`
  query Tasks {
    tasks(first: 20) {
      changeCursor
      nodes {
        ...TaskFields
      }
    }
  }
  ${taskFields}
`;

/** With `after` set to the list's `changeCursor`, nothing falls between. What arrives updates the list through the cache. */
export const taskChanges = gql`
  subscription TaskChanges($after: ChangeCursor) {
    taskChanges(after: $after) {
      type
      cursor
      task {
        ...TaskFields
      }
    }
  }
  ${taskFields}
`;
