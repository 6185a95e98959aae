import { useEffect, useEffectEvent } from 'react';
import type { UseQueryExecute } from 'urql';
import { useSession } from './session.tsx';

/** What failed while the connection was lost is asked for again when it is back: once, as it may fail for other reasons. */
export function useRetryOnReturn(hasFailed: boolean, refetch: UseQueryExecute): void {
  const { connection } = useSession();
  const retry = useEffectEvent(() => {
    if (hasFailed) refetch({ requestPolicy: 'network-only' });
  });
  useEffect(() => {
    if (connection === 'connected') retry();
  }, [connection]);
}
