import type { TaskStatus } from '../generated/graphql.ts';
import { statusNames } from '../words/labels.ts';
import { Moment } from '../words/moment.tsx';
import { formatMoment } from '../words/format.ts';
import type { TaskDetail } from './task-detail.ts';

export function History({ events }: { events: TaskDetail['history'] }) {
  return (
    <section className="history">
      <h3>History</h3>
      <ol>
        {events.map(({ revision, status, at, message, requestId }) => (
          <li key={revision}>
            <strong>{nameOf(status, requestId)}</strong> <Moment at={at}>{formatMoment(at)}</Moment>
            {message !== null && <p>{message}</p>}
            {requestId !== null && (
              <p className="quiet">
                RequestId <code>{requestId}</code>
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A task waits twice: here until the vendor has accepted it, and then there. */
function nameOf(status: TaskStatus, requestId: string | null): string {
  if (status !== 'WAIT') return statusNames[status];
  return requestId === null ? 'Recorded' : 'Sent, waiting';
}
