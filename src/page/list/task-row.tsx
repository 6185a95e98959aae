import type { ReactNode } from 'react';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { Link } from '../routing/link.tsx';
import { formatMoment, formatSeconds } from '../words/format.ts';
import { failureNames, modelName, modeNames } from '../words/labels.ts';
import { resolutionOf, secondsOf } from '../words/measures.ts';
import { Moment } from '../words/moment.tsx';
import { Progress } from '../words/progress.tsx';
import { Status } from '../words/status.tsx';

export function TaskRow({ task }: { task: TaskRowFragment }) {
  const { id, upstreamTaskId, mode, status, failure, prompt, model, createdAt, endedAt, estimate } = task;
  const seconds = secondsOf(task);
  return (
    <tr role="row" data-status={status}>
      <Cell name="Task ID" className="id">
        <Link to={{ task: id }} title={upstreamTaskId ?? id} aria-label={`Open task ${upstreamTaskId ?? id}`}>
          {upstreamTaskId ?? id}
        </Link>
      </Cell>
      <Cell name="Type">{modeNames[mode]}</Cell>
      <Cell name="Status" className="state">
        <Status status={status} />
        {failure && <span className="quiet">{failureNames[failure.code]}</span>}
        {estimate && <Progress estimate={estimate} label={`Progress of task ${upstreamTaskId ?? id}`} />}
      </Cell>
      <Cell name="Prompt" className="prompt">
        <span dir="auto">{prompt ?? '–'}</span>
      </Cell>
      <Cell name="Model">{modelName(model)}</Cell>
      <Cell name="Resolution">{resolutionOf(task) ?? '–'}</Cell>
      <Cell name="Duration">{seconds === null ? '–' : formatSeconds(seconds)}</Cell>
      <Cell name="Created">
        <Moment at={createdAt}>{formatMoment(createdAt)}</Moment>
      </Cell>
      <Cell name="Ended">{endedAt === null ? '–' : <Moment at={endedAt}>{formatMoment(endedAt)}</Moment>}</Cell>
    </tr>
  );
}

type CellProps = { name: string; className?: string; children: ReactNode };

/** Shows its name where there are no columns. */
function Cell({ name, className, children }: CellProps) {
  return (
    <td role="cell" data-label={name} className={className}>
      {children}
    </td>
  );
}
