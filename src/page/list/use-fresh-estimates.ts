import { useEffect } from 'react';
import { useClient } from 'urql';
import { TaskEstimatesDocument, type TaskRowFragment } from '../generated/graphql.ts';

const intervalMs = 15_000;

/** Estimates change as time goes by, without a change of the task that somebody would be told of. */
export function useFreshEstimates(tasks: readonly TaskRowFragment[]): void {
  const client = useClient();
  const running = tasks.filter(({ estimate }) => estimate !== null).map(({ id }) => id);
  const wanted = running.join(' ');
  useEffect(() => {
    if (wanted === '') return;
    const timer = setInterval(() => {
      if (document.hidden) return;
      const variables = { ids: wanted.split(' ') };
      void client.query(TaskEstimatesDocument, variables, { requestPolicy: 'network-only' }).toPromise();
    }, intervalMs);
    return () => clearInterval(timer);
  }, [client, wanted]);
}
