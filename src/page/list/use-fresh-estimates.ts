import { useEffect } from 'react';
import { useClient } from 'urql';
import { TaskEstimatesDocument, type TaskRowFragment } from '../generated/graphql.ts';

const intervalMs = 15_000;

/** Estimates change with time, without a change of the task that a subscription would deliver. */
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
