import { useMemo } from 'react';
import { useQuery } from 'urql';
import { useRetryOnReturn } from '../client/use-retry-on-return.ts';
import { TaskListDocument, type TaskListQuery, type TaskListQueryVariables } from '../generated/graphql.ts';
import { filterOf, type View } from '../routing/view.ts';

const pageSize = 20;

export type TaskPage = NonNullable<TaskListQuery['tasks']>;

export function variablesOf(view: View): TaskListQueryVariables {
  const { after, before } = view;
  const filter = filterOf(view);
  if (before !== '') return { last: pageSize, before, filter };
  return { first: pageSize, filter, ...(after !== '' && { after }) };
}

/** The page of the list that a view shows. */
export function useTaskList(view: View) {
  const { kind, status, model, search, from, to, after, before } = view;
  const variables = useMemo(
    () => variablesOf(view),
    // oxlint-disable-next-line react/exhaustive-deps -- what else a view has, such as an open task, leaves the list as it is
    [kind, status, model, search, from, to, after, before],
  );
  const [{ data, error, fetching }, refetch] = useQuery({
    query: TaskListDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  useRetryOnReturn(error !== undefined, refetch);
  return { page: data?.tasks ?? null, error, fetching, variables, refetch };
}
