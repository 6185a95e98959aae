import { useEffect, useRef } from 'react';
import { explain } from '../client/explain.ts';
import { useSession } from '../client/session.tsx';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { useView } from '../routing/use-view.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { kindNames, statusNames } from '../words/labels.ts';
import { shorten } from '../words/format.ts';
import { Filters } from './filters.tsx';
import { KindTabs } from './kind-tabs.tsx';
import { Paging } from './paging.tsx';
import { TaskTable } from './task-table.tsx';
import { useFreshEstimates } from './use-fresh-estimates.ts';
import { useLiveChanges } from './use-live-changes.ts';
import { useTaskList } from './use-task-list.ts';

/** Changes that come together are one reason to read the list again, not many. */
const gatherMs = 700;

/** The list, which keeps itself up to date. */
export function TaskList() {
  const view = useView();
  const announce = useAnnounce();
  const { isLocked } = useSession();
  const { page, error, fetching, variables, refetch } = useTaskList(view);
  const tasks = page?.nodes ?? [];
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  /** A row moves by itself. Whether a task begins or ceases to belong to this page, the gateway decides. */
  function onChange(task: TaskRowFragment): void {
    const isShown = tasks.some(({ id }) => id === task.id);
    if (isShown && task.endedAt !== null) announce(describeEnd(task));
    const isFirstPage = view.after === '' && view.before === '';
    if (isShown ? view.status === null : !isFirstPage) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refetch({ requestPolicy: 'network-only' });
    }, gatherMs);
  }
  useLiveChanges({ asOf: page?.asOf ?? null, variables, onChange });
  useFreshEstimates(tasks);

  return (
    <>
      <KindTabs />
      <Filters />
      {error && !isLocked && (
        <p role="alert" className="problem-box">
          {explain(error)}{' '}
          <button type="button" onClick={() => refetch({ requestPolicy: 'network-only' })}>
            Try again
          </button>
        </p>
      )}
      {page && <TaskTable tasks={tasks} />}
      {page && <Paging page={page} />}
      {!page && fetching && <p className="quiet">Loading…</p>}
    </>
  );
}

function describeEnd({ kind, prompt, status }: TaskRowFragment): string {
  return `${kindNames[kind]} “${shorten(prompt ?? '')}”: ${statusNames[status].toLowerCase()}.`;
}
