import { useEffect, useRef } from 'react';
import { explain } from '../client/explain.ts';
import { useSession } from '../client/session.tsx';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { Link } from '../routing/link.tsx';
import { useTitle } from '../routing/use-title.ts';
import { goTo, useView } from '../routing/use-view.ts';
import { changeFilterOf } from '../routing/view.ts';
import { useAnnounce } from '../shell/announcer.tsx';
import { kindNames, listNames, statusNames } from '../words/labels.ts';
import { shorten } from '../words/format.ts';
import { Filters } from './filters.tsx';
import { KindTabs } from './kind-tabs.tsx';
import { Paging } from './paging.tsx';
import { TaskTable } from './task-table.tsx';
import { useFreshEstimates } from './use-fresh-estimates.ts';
import { useLiveChanges } from './use-live-changes.ts';
import { useTaskList } from './use-task-list.ts';

/** Changes within this time cause one reload of the list. */
const gatherMs = 700;

export function TaskList() {
  const view = useView();
  useTitle(view.kind === null ? 'Tasks' : listNames[view.kind]);
  const { isLocked } = useSession();
  const { page, lastPage, error, fetching, variables, refetch } = useTaskList(view);
  const tasks = page?.nodes ?? [];
  const announceEnd = useAnnouncedEnds(tasks);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  // New tasks appear on the first page: this is it, whatever cursor led here.
  const isBeginning = view.before !== '' && page?.pageInfo.hasPreviousPage === false;
  useEffect(() => {
    if (isBeginning) goTo({ before: '' }, { replace: true });
  }, [isBeginning]);

  /** A row updates by itself. Only the gateway knows whether a task still belongs to this page. */
  function onChange(task: TaskRowFragment): void {
    const isShown = tasks.some(({ id }) => id === task.id);
    if (isShown) announceEnd(task);
    const isFirstPage = view.after === '' && view.before === '';
    if (isShown ? view.status === null : !isFirstPage) return;
    if (view.mode !== null && task.mode !== view.mode) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refetch({ requestPolicy: 'network-only' });
    }, gatherMs);
  }
  useLiveChanges({ changeCursor: page?.changeCursor ?? null, filter: changeFilterOf(view), variables, onChange });
  useFreshEstimates(tasks);

  const shown = page ?? lastPage;
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
          {view.after + view.before !== '' && <Link to={{ after: '', before: '' }}>To the newest</Link>}
        </p>
      )}
      {shown && (
        <div className="list" aria-busy={page === null}>
          <TaskTable tasks={shown.nodes} />
          <Paging page={shown} />
        </div>
      )}
      {!shown && fetching && <p className="quiet">Loading…</p>}
    </>
  );
}

/** Announces once the end of each task that was seen before it ended. */
function useAnnouncedEnds(tasks: readonly TaskRowFragment[]): (task: TaskRowFragment) => void {
  const announce = useAnnounce();
  const running = useRef(new Set<string>());
  useEffect(() => {
    for (const { id, endedAt } of tasks) if (endedAt === null) running.current.add(id);
  }, [tasks]);
  return (task) => {
    if (task.endedAt !== null && running.current.delete(task.id)) announce(describeEnd(task));
  };
}

function describeEnd({ kind, prompt, status }: TaskRowFragment): string {
  return `${kindNames[kind]} “${shorten(prompt ?? '')}”: ${statusNames[status].toLowerCase()}.`;
}
