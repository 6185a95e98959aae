import { Link } from '../routing/link.tsx';
import type { TaskPage } from './use-task-list.ts';

export function Paging({ page: { pageInfo, totalCount, totalCountIsExact } }: { page: TaskPage }) {
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo;
  const count = new Intl.NumberFormat().format(totalCount);
  return (
    <nav aria-label="Pages" className="paging">
      <span>
        {totalCountIsExact ? count : `More than ${count}`} {totalCount === 1 ? 'task' : 'tasks'}
      </span>
      {hasPreviousPage && startCursor !== null && <Link to={{ before: startCursor, after: '' }}>Newer</Link>}
      {hasNextPage && endCursor !== null && <Link to={{ after: endCursor, before: '' }}>Older</Link>}
    </nav>
  );
}
