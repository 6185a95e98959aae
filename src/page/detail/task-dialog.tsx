import { explain } from '../client/explain.ts';
import { Progress } from '../words/progress.tsx';
import { Status } from '../words/status.tsx';
import { goTo } from '../routing/use-view.ts';
import { Modal } from '../shell/modal.tsx';
import { shorten } from '../words/format.ts';
import { modeNames } from '../words/labels.ts';
import { Actions } from './actions.tsx';
import { Deliveries } from './deliveries.tsx';
import { Facts } from './facts.tsx';
import { Failure } from './failure.tsx';
import { History } from './history.tsx';
import { Results } from './results.tsx';
import type { TaskDetail } from './task-detail.ts';
import { useTask } from './use-task.ts';

export function TaskDialog({ id }: { id: string }) {
  const { task, error, fetching } = useTask(id);
  return (
    <Modal
      title={task ? modeNames[task.mode] : 'Task'}
      windowTitle={shorten(task?.prompt ?? 'Task')}
      className="detail"
      onClose={() => goTo({ task: '' })}
    >
      {task && <Detail task={task} />}
      {!task && error && <p role="alert">{explain(error)}</p>}
      {!task && !error && <p className="quiet">{fetching ? 'Loading…' : 'There is no task with this id.'}</p>}
    </Modal>
  );
}

function Detail({ task }: { task: TaskDetail }) {
  const { status, estimate, prompt, failure, warnings, history, webhookDeliveries } = task;
  return (
    <>
      <p className="state" role="status">
        <Status status={status} />
      </p>
      {estimate && <Progress estimate={estimate} label="Progress" />}
      {failure && <Failure failure={failure} />}
      <Results task={task} />
      {prompt !== null && (
        <blockquote className="prompt" dir="auto">
          {prompt}
        </blockquote>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="warning">
          {warning}
        </p>
      ))}
      <Actions task={task} />
      <Facts task={task} />
      <History events={history} />
      <Deliveries tries={webhookDeliveries} />
    </>
  );
}
