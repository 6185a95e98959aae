import { failureNames } from '../words/labels.ts';
import { CopyButton } from './copy-button.tsx';
import type { TaskDetail } from './task-detail.ts';

export function Failure({ failure }: { failure: NonNullable<TaskDetail['failure']> }) {
  const { code, message, upstreamCode, requestId } = failure;
  return (
    <section aria-label="Failure" className="problem-box">
      <h3>{failureNames[code]}</h3>
      <p>{message}</p>
      <dl className="facts">
        <div>
          <dt>Code</dt>
          <dd>
            <code>{upstreamCode ?? code}</code>
          </dd>
        </div>
        {requestId !== null && (
          <div>
            <dt>RequestId</dt>
            <dd>
              <code>{requestId}</code> <CopyButton text={requestId} name="RequestId" />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
