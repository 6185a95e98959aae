import { useQuery, useSubscription } from 'urql';
import { useRetryOnReturn } from '../client/use-retry-on-return.ts';
import { FollowTaskDocument, ReadTaskDocument } from '../generated/graphql.ts';

/** A task as it is, and as it becomes. The subscription begins again by itself after a lost connection. */
export function useTask(id: string) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ReadTaskDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  useRetryOnReturn(error !== undefined, refetch);
  const task = data?.task ?? null;
  const isFollowed = task !== null && task.endedAt === null;
  useSubscription({ query: FollowTaskDocument, variables: { id }, pause: !isFollowed });
  return { task, error, fetching };
}
