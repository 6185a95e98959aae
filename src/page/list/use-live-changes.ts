import { useEffect, useRef, useState } from 'react';
import { type OperationResult, stringifyVariables, useClient } from 'urql';
import { codesOf } from '../client/gateway.ts';
import { useSession } from '../client/session.tsx';
import {
  type TaskChangeFilter,
  TaskChangesDocument,
  type TaskChangesSubscription,
  TaskListDocument,
  type TaskListQueryVariables,
  type TaskRowFragment,
} from '../generated/graphql.ts';

/** Before a subscription that failed for another reason than REFETCH_REQUIRED is tried again. */
const waitMs = 5_000;

type LiveChanges = {
  /** Of the list that is shown; null before it is loaded. */
  changeCursor: string | null;
  filter: TaskChangeFilter;
  variables: TaskListQueryVariables;
  /** Called once the cache, and with it every row, has the task. */
  onChange(task: TaskRowFragment): void;
};

type Start = { after: string; filter: TaskChangeFilter };

/**
 * Follows all changes since the list was first read with this filter. After a lost connection it resumes after the last
 * change; if too much has changed meanwhile, the list is read again and followed from there.
 */
export function useLiveChanges({ changeCursor, filter, ...latest }: LiveChanges): void {
  const client = useClient();
  const { isLocked } = useSession();
  const [start, setStart] = useState<Start | null>(null);
  const current = useRef(latest);
  useEffect(() => {
    current.current = latest;
  });
  const isOther = stringifyVariables(filter) !== stringifyVariables(start?.filter ?? null);
  if (changeCursor !== null && isOther) setStart({ after: changeCursor, filter });

  useEffect(() => {
    if (start === null || isLocked) return;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const { filter: same } = start;
    async function beginAgain(): Promise<void> {
      const options = { requestPolicy: 'network-only' } as const;
      const { data } = await client.query(TaskListDocument, current.current.variables, options).toPromise();
      if (data?.tasks) setStart({ after: data.tasks.changeCursor, filter: same });
      else timer = setTimeout(() => void beginAgain(), waitMs);
    }

    function take({ data, error }: OperationResult<TaskChangesSubscription>): void {
      if (data?.taskChanges.task) current.current.onChange(data.taskChanges.task);
      if (!error) return;
      clearTimeout(timer);
      timer = setTimeout(() => void beginAgain(), codesOf(error).includes('REFETCH_REQUIRED') ? 0 : waitMs);
    }

    const { unsubscribe } = client.subscription(TaskChangesDocument, start).subscribe(take);
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [client, start, isLocked]);
}
