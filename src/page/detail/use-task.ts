import { useCallback, useEffect, useState } from 'react';
import { useClient, useQuery, useSubscription } from 'urql';
import { useRetryOnReturn } from '../client/use-retry-on-return.ts';
import { FindChangeCursorDocument, FollowTaskDocument, ReadTaskDocument } from '../generated/graphql.ts';

/** Before what failed is tried again. */
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
  const { after, findAgain } = useChangeCursor(id);
  // Once more, after the place from which it is followed: then nothing falls between.
  useEffect(() => {
    if (after !== null) refetch({ requestPolicy: 'network-only' });
  }, [after, refetch]);
  const [{ error: loss }] = useSubscription({
    query: FollowTaskDocument,
    variables: { id, after: after ?? '' },
    pause: after === null,
  });
  useEffect(() => {
    if (loss === undefined) return;
    const timer = setTimeout(findAgain, waitMs);
    return () => clearTimeout(timer);
  }, [loss, findAgain]);
  return { task: data?.task ?? null, error, fetching };
}

/** Where the gateway is in the order of changes; null until it has told. Tried again until it has. */
function useChangeCursor(id: string): { after: string | null; findAgain(): void } {
  const client = useClient();
  const [found, setFound] = useState<{ id: string; after: string } | null>(null);
  const [tries, setTries] = useState(0);
  const findAgain = useCallback(() => setTries((before) => before + 1), []);
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    void client
      .query(FindChangeCursorDocument, {}, { requestPolicy: 'network-only' })
      .toPromise()
      .then(({ data }) => {
        if (!isCurrent) return;
        if (data?.tasks) setFound({ id, after: data.tasks.changeCursor });
        else timer = setTimeout(findAgain, waitMs);
      });
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, id, tries, findAgain]);
  return { after: found?.id === id ? found.after : null, findAgain };
}
