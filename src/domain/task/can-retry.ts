import type { Task } from './task.ts';

/** Whether `retryTask` makes a new task of it: it ended as FAIL, its request is known, and the same request could work. */
export function canRetry({ request, failure }: Pick<Task, 'request' | 'failure'>): boolean {
  return request !== null && failure !== null && failure.retryable;
}
