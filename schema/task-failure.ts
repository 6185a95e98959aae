import type { TaskFailure as TaskFailureShape } from '../src/domain/task.ts';
import { builder } from './builder.ts';
import { TaskFailureCodeEnum } from './task-enums.ts';

export const TaskFailure = builder.objectRef<TaskFailureShape>('TaskFailure').implement({
  description: 'Why a task ended as FAIL.',
  fields: (t) => ({
    code: t.expose('code', { type: TaskFailureCodeEnum, description: 'The kind of failure, to decide by.' }),
    message: t.exposeString('message', {
      description: "The vendor's reason, cleaned of secrets, to show. Its wording may change.",
    }),
    upstreamCode: t.exposeString('upstreamCode', {
      nullable: true,
      description: "The vendor's error code, such as `InvalidParameterValue`, when it gave one.",
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: "The vendor's id of the call that told this: what its support asks for.",
    }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the same request could work as it stands. When false, change the inputs first.',
    }),
  }),
});
