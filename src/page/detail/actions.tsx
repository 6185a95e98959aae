import { useState } from 'react';
import { useMutation } from 'urql';
import { explain } from '../client/explain.ts';
import { CancelTaskDocument, RetryTaskDocument } from '../generated/graphql.ts';
import { Link } from '../routing/link.tsx';
import { goTo } from '../routing/use-view.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import type { TaskDetail } from './task-detail.ts';

export function Actions({ task }: { task: TaskDetail }) {
  const [problem, setProblem] = useState('');
  return (
    <div className="actions">
      {task.request !== null && (
        <Link className="button" to={{ create: task.kind, like: task.id }}>
          Create again
        </Link>
      )}
      {task.canRetry && <Retry id={task.id} onProblem={setProblem} />}
      {task.canCancel && <Cancel id={task.id} onProblem={setProblem} />}
      <p role="alert" className="problem">
        {problem}
      </p>
    </div>
  );
}

type ActionProps = { id: string; onProblem(problem: string): void };

/** Without an idempotency key: a failed task has only one retry, however often the button is pressed. */
function Retry({ id, onProblem }: ActionProps) {
  const announce = useAnnounce();
  const [{ fetching }, retry] = useMutation(RetryTaskDocument);
  async function run(): Promise<void> {
    const { data, error } = await retry({ input: { id } });
    const result = data?.retryTask;
    if (result?.__typename === 'RetryTaskPayload') {
      announce('This is its retry: a new task with the same request.');
      return goTo({ task: result.task.id });
    }
    onProblem(result?.message ?? explain(error));
  }
  return (
    <ActionButton isBusy={fetching} onPress={() => void run()}>
      Retry
    </ActionButton>
  );
}

function Cancel({ id, onProblem }: ActionProps) {
  const announce = useAnnounce();
  const [{ fetching }, cancel] = useMutation(CancelTaskDocument);
  async function run(): Promise<void> {
    const { data, error } = await cancel({ input: { id } });
    const result = data?.cancelTask;
    if (result?.__typename === 'CancelTaskPayload') return announce('The task was cancelled.');
    onProblem(result?.message ?? explain(error));
  }
  return (
    <ActionButton isBusy={fetching} onPress={() => void run()}>
      Cancel
    </ActionButton>
  );
}
