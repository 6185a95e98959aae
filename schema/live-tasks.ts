import type { Task } from '../src/domain/task.ts';

/** What a subscription's field resolves: a task, or the error that ended the stream. */
export type LiveEvent = { task: Task } | { error: unknown };

/** For the field's resolver. Throws the error that ended the stream. */
export function taskOf(event: LiveEvent): Task {
  if ('error' in event) throw event.error;
  return event.task;
}

/**
 * A source whose failure is its last event. A rejected next() would close the whole WebSocket with all its other
 * subscriptions, or cut the response. Not an async generator: its return() would wait for a pending next(), so that a
 * caller who left would stay subscribed until the next change.
 */
export function liveTasks(source: AsyncIterable<Task>): AsyncIterableIterator<LiveEvent, undefined> {
  const tasks = source[Symbol.asyncIterator]();
  const over = { done: true, value: undefined } as const;
  let failed = false;
  return {
    async next() {
      if (failed) return over;
      try {
        const result = await tasks.next();
        return result.done ? over : { done: false, value: { task: result.value } };
      } catch (error) {
        failed = true;
        return { done: false, value: { error } };
      }
    },
    async return() {
      await tasks.return?.();
      return over;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
