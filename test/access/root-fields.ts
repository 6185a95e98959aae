import { encodeCursor } from '../../schema/cursor.ts';
import { everything } from '../schema/everything.ts';
import type { NamedCaller } from './named-callers.ts';
import { earliestCursor } from '../support/earliest-cursor.ts';

/** What a caller can name that belongs to an owner. */
export type Named = { id: string; fileId: string; upstreamTaskId: string; prompt: string; idempotencyKey: string };

/** How a caller could get at what is named, by one root field: answers all that it was told. */
type Attempt = (caller: NamedCaller, named: Named) => Promise<string>;

type RootField = {
  attempt: Attempt;
  /** `ids`: it names what it is about, so that foreign, unknown and malformed ids must be answered alike. */
  by: 'ids' | 'owner' | 'nothing';
};

const wholeTask = everything.slice(everything.indexOf('fragment WholeTask'));

const ask =
  (query: string, variablesOf: (named: Named) => object = () => ({})): Attempt =>
  (caller, named) =>
    caller.ask(query, variablesOf(named));

/** One after the other. */
const all =
  (...attempts: Attempt[]): Attempt =>
  async (caller, named) => {
    const told: string[] = [];
    for (const attempt of attempts) told.push(await attempt(caller, named));
    return told.join('\n');
  };

const byId = (field: string) => `query ($id: ID!) { ${field}(id: $id) { ...WholeTask } } ${wholeTask}`;
const node =
  'query ($id: ID!) { node(id: $id) { __typename id ... on ResultFile { url } ... on AigcTask { prompt } } }';
const nodes =
  'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on ResultFile { url } ... on AigcTask { prompt } } }';
const taskOfPayload = '{ task { ... on AigcTask { id prompt upstreamTaskId retryOf { ... on AigcTask { id } } } } }';
const message = '__typename ... on UserError { message }';

/** Its own key and the other owner's: for the same request, and for another one. */
function create(kind: 'Image' | 'Video' | 'Audio'): Attempt {
  const document = `mutation ($input: Create${kind}TaskInput!) { create${kind}Task(input: $input) {
    __typename ... on Create${kind}TaskPayload { task { id } }
    ... on IdempotencyConflictError { message task { ... on AigcTask { id prompt } } }
  } }`;
  const keyOf = ({ idempotencyKey }: Named) => `${idempotencyKey}-${kind}`;
  return all(
    ask(document, (named) => ({ input: { prompt: named.prompt, idempotencyKey: keyOf(named) } })),
    ask(document, (named) => ({ input: { prompt: 'something else', idempotencyKey: keyOf(named) } })),
  );
}

/** What a list says with this filter, and on either side of the other owner's place in it. */
const list = (filterOf: (named: Named) => object): Attempt =>
  all(
    ask(everything, (named) => ({ first: 100, filter: filterOf(named) })),
    ...['after', 'before'].map((side) =>
      ask(
        `query ($cursor: String, $filter: TaskFilter) {
          tasks(${side}: $cursor, filter: $filter) { totalCount nodes { ...WholeTask } } } ${wholeTask}`,
        (named) => ({ cursor: encodeCursor(named.id), filter: filterOf(named) }),
      ),
    ),
  );

const longAgo = '2020-01-01T00:00:00Z';

/**
 * Everything that there is to ask for by itself, with an attempt at what another owner has. A new root field has to be
 * added here.
 */
export const rootFields: Record<string, RootField> = {
  'Query.task': { by: 'ids', attempt: ask(byId('task'), ({ id }) => ({ id })) },
  'Query.node': {
    by: 'ids',
    attempt: all(
      ask(node, ({ id }) => ({ id })),
      ask(node, ({ fileId }) => ({ id: fileId })),
    ),
  },
  'Query.nodes': { by: 'ids', attempt: ask(nodes, ({ id, fileId }) => ({ ids: [id, fileId, id] })) },
  'Query.taskByUpstreamId': {
    by: 'ids',
    attempt: ask(
      `query ($id: String!) { taskByUpstreamId(upstreamTaskId: $id) { ...WholeTask } } ${wholeTask}`,
      ({ upstreamTaskId }) => ({ id: upstreamTaskId }),
    ),
  },
  'Query.tasks': {
    by: 'owner',
    attempt: all(
      list(() => ({})),
      list(({ prompt }) => ({ search: prompt })),
      list(() => ({ kinds: ['IMAGE', 'VIDEO', 'AUDIO'], statuses: ['WAIT', 'RUN', 'DONE', 'FAIL'] })),
      list(() => ({ createdAfter: longAgo })),
    ),
  },
  'Query.viewer': {
    by: 'owner',
    attempt: ask('{ viewer { owner tasksInFlight createsLastMinute quota { tasksInFlight createsPerMinute } } }'),
  },
  'Query.models': { by: 'nothing', attempt: ask('{ models { kind name versions { version } } }') },

  'Mutation.createImageTask': { by: 'owner', attempt: create('Image') },
  'Mutation.createVideoTask': { by: 'owner', attempt: create('Video') },
  'Mutation.createAudioTask': { by: 'owner', attempt: create('Audio') },
  'Mutation.trackTask': {
    by: 'ids',
    attempt: ask(
      `mutation ($input: TrackTaskInput!) {
        trackTask(input: $input) { ${message} ... on TrackTaskPayload ${taskOfPayload} } }`,
      ({ upstreamTaskId }) => ({ input: { upstreamTaskId, kind: 'IMAGE' } }),
    ),
  },
  'Mutation.cancelTask': {
    by: 'ids',
    attempt: ask(
      `mutation ($id: ID!) {
        cancelTask(input: { id: $id }) {
          ${message} ... on CancelTaskPayload ${taskOfPayload} ... on TaskAlreadySubmittedError ${taskOfPayload} } }`,
      ({ id }) => ({ id }),
    ),
  },
  'Mutation.retryTask': {
    by: 'ids',
    attempt: all(
      ...[null, 'a key'].map((idempotencyKey) =>
        ask(
          `mutation ($input: RetryTaskInput!) {
            retryTask(input: $input) {
              ${message} ... on RetryTaskPayload ${taskOfPayload} ... on TaskNotRetryableError ${taskOfPayload} } }`,
          ({ id }) => ({ input: { id, idempotencyKey } }),
        ),
      ),
    ),
  },

  'Subscription.taskStatus': {
    by: 'ids',
    attempt: (caller, { id }) =>
      caller.follow(
        `subscription ($id: ID!) { taskStatus(id: $id) { ...WholeTask } } ${wholeTask}`,
        { id },
        () => false,
      ),
  },
  'Subscription.taskChanges': {
    by: 'ids',
    async attempt(caller, { id }) {
      // Older changes come first: once it hears of its own newest, it has heard all that there was.
      const created = await caller.ask(
        'mutation { createImageTask(input: { prompt: "mine" }) { ... on CreateImageTaskPayload { task { id } } } }',
      );
      const [ownId = ''] = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/.exec(created) ?? [];
      const [, cursor = ''] =
        /"changeCursor":"([^"]+)"/.exec(await caller.ask('{ tasks(first: 1) { changeCursor } }')) ?? [];
      const heard = await caller.follow(
        `subscription ($ids: [ID!]!, $after: ChangeCursor) {
          taskChanges(filter: { ids: $ids }, after: $after) { task { ... on AigcTask { id prompt } } } }`,
        { ids: [id, ownId], after: cursor === '' ? null : earliestCursor(cursor) },
        (text) => text.includes(ownId),
      );
      return heard.replaceAll(ownId, 'its own');
    },
  },
};
