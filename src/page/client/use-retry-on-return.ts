import { useEffect, useEffectEvent } from 'react';
import type { UseQueryExecute } from 'urql';
import { useSession } from './session.tsx';

/** Repeats a request that failed while the connection was lost: once, as it may fail for other reasons. */
export function useRetryOnReturn(hasFailed: boolean, refetch: UseQueryExecute): void {
  const { connection } = useSession();
  const retry = useEffectEvent(() => {
    if (hasFailed) refetch({ requestPolicy: 'network-only' });
  });
  useEffect(() => {
    if (connection === 'connected') retry();
  }, [connection]);
}
