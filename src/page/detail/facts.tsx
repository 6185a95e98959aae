import type { ReactNode } from 'react';
import { Link } from '../routing/link.tsx';
import { formatMoment, formatSeconds } from '../words/format.ts';
import { modelName } from '../words/labels.ts';
import { aspectRatioOf, resolutionOf, secondsOf } from '../words/measures.ts';
import { Moment } from '../words/moment.tsx';
import { CopyButton } from './copy-button.tsx';
import type { TaskDetail } from './task-detail.ts';

export function Facts({ task }: { task: TaskDetail }) {
  const { id, upstreamTaskId, model, operator, createdAt, submittedAt, startedAt, endedAt, retryOf } = task;
  const [resolution, aspectRatio, seconds] = [resolutionOf(task), aspectRatioOf(task), secondsOf(task)];
  return (
    <dl className="facts">
      <Fact name="Id">
        <code>{id}</code> <CopyButton text={id} name="id" />
      </Fact>
      {upstreamTaskId !== null && (
        <Fact name="Vendor’s TaskId">
          <code>{upstreamTaskId}</code> <CopyButton text={upstreamTaskId} name="TaskId" />
        </Fact>
      )}
      <Fact name="Model">{modelName(model)}</Fact>
      {resolution !== null && <Fact name="Resolution">{resolution}</Fact>}
      {aspectRatio !== null && <Fact name="Aspect ratio">{aspectRatio}</Fact>}
      {seconds !== null && <Fact name="Duration">{formatSeconds(seconds)}</Fact>}
      {operator !== null && <Fact name="Operator">{operator}</Fact>}
      <When name="Created" at={createdAt} />
      <When name="Sent" at={submittedAt} />
      <When name="Started" at={startedAt} />
      <When name="Ended" at={endedAt} />
      {retryOf && (
        <Fact name="Retry of">
          <Link to={{ task: retryOf.id }}>{retryOf.id}</Link>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function When({ name, at }: { name: string; at: string | null }) {
  return (
    at !== null && (
      <Fact name={name}>
        <Moment at={at}>{formatMoment(at)}</Moment>
      </Fact>
    )
  );
}
