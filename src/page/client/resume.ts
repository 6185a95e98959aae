import type { Client } from 'graphql-ws';

/**
 * After a lost connection, graphql-ws sends the subscriptions again. `taskChanges` then resumes after the last change that
 * came, instead of at its beginning, which may be long ago.
 */
export function subscribeResuming({ subscribe }: Pick<Client, 'subscribe'>): Client['subscribe'] {
  return ({ variables: given, ...payload }, sink) => {
    const variables = { ...given };
    const next: typeof sink.next = (result) => {
      const cursor = cursorIn(result.data);
      if (cursor !== null) variables['after'] = cursor;
      sink.next(result);
    };
    return subscribe({ ...payload, variables }, { ...sink, next });
  };
}

function cursorIn(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('taskChanges' in data)) return null;
  const { taskChanges: change } = data;
  if (typeof change !== 'object' || change === null || !('cursor' in change)) return null;
  return typeof change.cursor === 'string' ? change.cursor : null;
}
