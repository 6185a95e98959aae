import type { TaskFailure as TaskFailureShape } from '../src/domain/task/task.ts';
import { builder } from './builder.ts';
import { TaskFailureCodeEnum } from './task-enums.ts';

export const TaskFailure = builder.objectRef<TaskFailureShape>('TaskFailure').implement({
  description: 'Why a task ended as FAIL.',
  fields: (t) => ({
    code: t.expose('code', { type: TaskFailureCodeEnum, description: 'The kind of failure, to decide by.' }),
    message: t.exposeString('message', {
      description:
        "What happened, to show: the vendor's reason where it gave one (GENERATION_FAILED, REJECTED), cleaned of secrets, else the gateway's own words. The wording may change.",
    }),
    upstreamCode: t.exposeString('upstreamCode', {
      nullable: true,
      description:
        "The vendor's error code, such as `InvalidParameterValue`; where it did not answer, what was met instead, such as `HTTP_502`. Null when there was neither.",
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description:
        "The vendor's id of the call that reported this: what its support asks for. Null where no call did, as for CANCELED.",
    }),
    retryable: t.exposeBoolean('retryable', {
      description:
        'Whether the same request could work as it stands. False for REJECTED: change the inputs first; and for GATEWAY_ERROR: its result may be there already.',
    }),
  }),
});
