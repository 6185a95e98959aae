import type { Exchange, Operation, OperationResult } from '@urql/core';
import { filter, makeSubject, map, merge, pipe } from 'wonka';
import { replaceTasks, tasksIn, type TaskState } from './task-state.ts';

/** An answer that is overtaken twice in a row is rare; one that always is would be a fault, and must show. */
const maxTries = 3;

/**
 * Answers can overtake each other: a list read before a task ended may arrive after its last change. This keeps older
 * states from the cache: an overtaken query is repeated, overtaken changes are dropped, and in a mutation's answer, which
 * can't be repeated, the newer state replaces the older one.
 */
export const newestRevisionExchange: Exchange =
  ({ forward }) =>
  (operations) => {
    const newest = new Map<string, TaskState>();
    const tries = new Map<number, number>();
    const again = makeSubject<Operation>();

    const isOlder = ({ id, revision }: TaskState): boolean => revision < (newest.get(id)?.revision ?? 0);
    const newer = (task: TaskState): TaskState => (isOlder(task) ? { ...task, ...newest.get(task.id) } : task);

    function passes({ operation, data }: OperationResult): boolean {
      const { key, kind } = operation;
      const isOvertaken = kind !== 'mutation' && [...tasksIn(data)].some(isOlder);
      const tried = tries.get(key) ?? 0;
      if (!isOvertaken || (kind === 'query' && tried >= maxTries)) return tries.delete(key) || true;
      if (kind === 'query') {
        tries.set(key, tried + 1);
        queueMicrotask(() => again.next(operation));
      }
      return false;
    }

    function remember(result: OperationResult): OperationResult {
      const data: unknown = replaceTasks(result.data, newer);
      for (const task of tasksIn(data)) if (!isOlder(task)) newest.set(task.id, { ...newest.get(task.id), ...task });
      return { ...result, data };
    }

    return pipe(merge([operations, again.source]), forward, filter(passes), map(remember));
  };
