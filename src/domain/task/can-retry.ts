import type { Task } from './task.ts';

export function canRetry({ request, failure }: Pick<Task, 'request' | 'failure'>): boolean {
  return request !== null && failure !== null && failure.retryable;
}
