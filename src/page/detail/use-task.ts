import { useCallback, useEffect } from 'react';
import { type CombinedError, useQuery, useSubscription } from 'urql';
import { useRetryOnReturn } from '../client/use-retry-on-return.ts';
import { FindChangeCursorDocument, FollowTaskDocument, ReadTaskDocument } from '../generated/graphql.ts';

/** Before a failed subscription is tried again. */
const waitMs = 5_000;

/**
 * A task and its changes while it is open: the list may know of its end before its files are here. The subscription
 * resumes by itself after a lost connection.
 */
export function useTask(id: string) {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ReadTaskDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  });
  useRetryOnReturn(error !== undefined, refetch);
  const { after, failure, findAgain } = useChangeCursor();
  // Once more, after the place from which it is followed, so that no change falls in between.
  useEffect(() => {
    if (after !== null) refetch({ requestPolicy: 'network-only' });
  }, [after, refetch]);
  const [{ error: loss }] = useSubscription({
    query: FollowTaskDocument,
    variables: { id, after: after ?? '' },
    pause: after === null,
  });
  useEffect(() => {
    if (loss === undefined && failure === undefined) return;
    const timer = setTimeout(findAgain, waitMs);
    return () => clearTimeout(timer);
  }, [loss, failure, findAgain]);
  return { task: data?.task ?? null, error, fetching };
}

/** The gateway's place in the order of changes; null until it is known. */
function useChangeCursor(): { after: string | null; failure: CombinedError | undefined; findAgain: () => void } {
  const [{ data, error }, ask] = useQuery({ query: FindChangeCursorDocument, requestPolicy: 'network-only' });
  const findAgain = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  return { after: data?.tasks?.changeCursor ?? null, failure: error, findAgain };
}
