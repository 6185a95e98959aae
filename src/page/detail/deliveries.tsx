import { formatMoment } from '../words/format.ts';
import { Moment } from '../words/moment.tsx';
import type { TaskDetail } from './task-detail.ts';

/** The attempts of the task's webhook, as of when the task was last read. */
export function Deliveries({ tries }: { tries: TaskDetail['webhookDeliveries'] }) {
  if (tries.length === 0) return null;
  return (
    <section className="history" aria-label="Webhook">
      <h3>Webhook</h3>
      <ol>
        {tries.map(({ event, revision, attempt, at, statusCode, error, nextAttemptAt }) => (
          <li key={`${event} ${revision} ${attempt}`}>
            <strong>
              {event === 'ENDED' ? 'End' : 'Change'}: {error === null ? 'delivered' : 'not delivered'}
            </strong>{' '}
            <Moment at={at}>{formatMoment(at)}</Moment> {statusCode !== null && <code>{statusCode}</code>}
            {error !== null && <p>{error}</p>}
            {nextAttemptAt !== null && (
              <p className="quiet">
                Tried again <Moment at={nextAttemptAt}>{formatMoment(nextAttemptAt)}</Moment>
              </p>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
