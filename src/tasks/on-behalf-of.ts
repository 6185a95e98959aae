import { RefusalWithTask, TaskNotFoundError } from '../domain/errors.ts';
import type { Caller } from '../domain/task/task.ts';
import type { Logger } from '../kit/logger.ts';
import { createPromptIterator, iteratorEnd } from '../kit/prompt-iterator.ts';
import type { UseCases } from './use-cases.ts';

type Owned = { readonly owner: string };

declare const checked: unique symbol;
/** What was found to be the caller's own. Only the check below makes it, so that nothing gets past it. */
type Own<Thing> = Thing & { readonly [checked]: true };

/** An answer in which whatever has an owner is the caller's own. */
type OwnIn<Answer> = Answer extends Owned
  ? Own<Answer>
  : Answer extends Date
    ? Answer
    : Answer extends Promise<infer Value>
      ? Promise<OwnIn<Value>>
      : Answer extends AsyncIterable<infer Item>
        ? AsyncIterable<OwnIn<Item>>
        : Answer extends object
          ? { [Key in keyof Answer]: OwnIn<Answer[Key]> }
          : Answer;

type Bound<UseCase> = UseCase extends (...given: infer Given) => infer Answer
  ? (...given: Given extends [Caller, ...infer Rest] ? Rest : Given) => OwnIn<Answer>
  : never;

/** The use cases as one caller has them: for nobody else, and with nothing of anybody else's in their answers. */
export type CallerUseCases = { [Name in keyof UseCases]: Bound<UseCases[Name]> };

/**
 * The only way to the use cases for whoever answers callers. Each of them reads and writes by owner itself; should one
 * forget to, what is not the caller's is as absent here, and an error in the log. A new use case has to be written down
 * here before anybody can call it, and the types don't let its answer through unchecked.
 */
export function onBehalfOf(caller: Caller, useCases: UseCases, logger: Pick<Logger, 'error'>): CallerUseCases {
  const { isOwn, ownOrNull, getOwn, followOwn } = createCheck(caller, logger);
  return {
    createTask: (request, idempotencyKey, webhook) =>
      getOwn(useCases.createTask(caller, request, idempotencyKey, webhook)),
    trackTask: (input) => getOwn(useCases.trackTask(caller, input)),
    cancelTask: (id) => getOwn(useCases.cancelTask(caller, id)),
    retryTask: (id, idempotencyKey) => getOwn(useCases.retryTask(caller, id, idempotencyKey)),
    findTasks: async (ids) => (await useCases.findTasks(caller, ids)).map(ownOrNull),
    findTasksByUpstreamId: async (ids) => (await useCases.findTasksByUpstreamId(caller, ids)).map(ownOrNull),
    async listTasks(page, filter) {
      const found = await useCases.listTasks(caller, page, filter);
      return { ...found, tasks: found.tasks.filter(isOwn) };
    },
    countTasks: (filter) => useCases.countTasks(caller, filter),
    async findHistories(taskIds) {
      const histories = await useCases.findHistories(caller, taskIds);
      return histories.map((events) => events.filter(isOwn));
    },
    async findWebhookAttempts(taskIds) {
      const found = await useCases.findWebhookAttempts(caller, taskIds);
      return found.map((attempts) => attempts.filter(isOwn));
    },
    getStanding: () => getOwn(useCases.getStanding(caller)),
    watchTask: async (id) => followOwn(await useCases.watchTask(caller, id)),
    watchTaskChanges: async (filter, after) => followOwn(await useCases.watchTaskChanges(caller, filter, after)),
    // Nobody's: what they are asked about is in the question.
    estimateTasks: useCases.estimateTasks,
    models: useCases.models,
    medianSeconds: useCases.medianSeconds,
    tryFileUrl: useCases.tryFileUrl,
    isUsableFileUrl: useCases.isUsableFileUrl,
    findFileUrl: useCases.findFileUrl,
  };
}

function createCheck({ owner }: Caller, logger: Pick<Logger, 'error'>) {
  function isOwn<Thing extends Owned>(thing: Thing): thing is Own<Thing> {
    if (thing.owner === owner) return true;
    const taskId = 'id' in thing ? thing.id : null;
    logger.error({ taskId, owner }, 'What is not the caller’s was about to be shown, and was left out.');
    return false;
  }

  function ownOrNull<Thing extends Owned>(thing: Thing | null): Own<Thing> | null {
    return thing !== null && isOwn(thing) ? thing : null;
  }

  async function getOwn<Thing extends Owned>(answer: Promise<Thing>): Promise<Own<Thing>> {
    const thing = await answer.catch((error: unknown) => {
      throw error instanceof RefusalWithTask && !isOwn(error.task) ? new TaskNotFoundError() : error;
    });
    if (!isOwn(thing)) throw new TaskNotFoundError();
    return thing;
  }

  function followOwn<Thing extends Owned>(source: AsyncIterable<Thing>): AsyncIterable<Own<Thing>> {
    const things = source[Symbol.asyncIterator]();
    return createPromptIterator<Own<Thing>>({
      async next() {
        for (;;) {
          const next = await things.next();
          if (next.done === true) return iteratorEnd;
          if (isOwn(next.value)) return { done: false, value: next.value };
        }
      },
      end: () => things.return?.(),
    });
  }

  return { isOwn, ownOrNull, getOwn, followOwn };
}
