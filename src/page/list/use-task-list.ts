import { useMemo } from 'react';
import { createRequest, useQuery } from 'urql';
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

/** The page of the list that a view shows; until it is loaded, the previous one. */
export function useTaskList(view: View) {
  const { kind, status, mode, model, operator, search, from, to, after, before } = view;
  const variables = useMemo(
    () => variablesOf(view),
    // oxlint-disable-next-line react/exhaustive-deps -- the rest of a view, such as an open task, does not change the list
    [kind, status, mode, model, operator, search, from, to, after, before],
  );
  const [{ data, error, fetching, operation }, refetch] = useQuery({
    query: TaskListDocument,
    variables,
    requestPolicy: 'cache-and-network',
  });
  useRetryOnReturn(error !== undefined, refetch);
  const page = data?.tasks ?? null;
  const isPresent = operation?.key === createRequest(TaskListDocument, variables).key;
  return {
    page: isPresent ? page : null,
    lastPage: isPresent || !fetching ? null : page,
    error: isPresent ? error : undefined,
    fetching,
    variables,
    refetch,
  };
}
