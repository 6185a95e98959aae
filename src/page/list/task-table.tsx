import type { TaskRowFragment } from '../generated/graphql.ts';
import { TaskRow } from './task-row.tsx';

const columns = ['Task ID', 'Type', 'Status', 'Prompt', 'Model', 'Resolution', 'Duration', 'Created', 'Ended'];

/** On a phone the rows are cards: the roles keep it a table for screen readers. */
export function TaskTable({ tasks }: { tasks: readonly TaskRowFragment[] }) {
  if (tasks.length === 0) return <p className="quiet empty">No tasks here.</p>;
  return (
    <table role="table" className="tasks">
      <caption className="for-screen-readers">Tasks, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} />
        ))}
      </tbody>
    </table>
  );
}
