import { useEffect } from 'react';
import { useQuery, useSubscription } from 'urql';
import { useRetryOnReturn } from '../client/use-retry-on-return.ts';
import { FollowTaskDocument, ReadTaskDocument } from '../generated/graphql.ts';

/** Before a subscription that failed is tried again. */
const waitMs = 5_000;

/**
 * A task as it is, and as it becomes, for as long as it is open: the list may know of its end before its files are here.
 * The subscription begins again by itself after a lost connection.
 */
export function useTask(id: string) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ReadTaskDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  useRetryOnReturn(error !== undefined, refetch);
  const [{ error: loss }, followAgain] = useSubscription({ query: FollowTaskDocument, variables: { id } });
  useEffect(() => {
    if (loss === undefined) return;
    const timer = setTimeout(followAgain, waitMs);
    return () => clearTimeout(timer);
  }, [loss, followAgain]);
  return { task: data?.task ?? null, error, fetching };
}
