import type { Exchange } from '@urql/core';
import { type Cache, cacheExchange } from '@urql/exchange-graphcache';

const tasks = ['ImageTask', 'VideoTask', 'AudioTask'];
const files = ['ImageFile', 'VideoFile', 'AudioFile'];

/** What `... on AigcTask` and the like stand for, which the cache can't know by itself. */
const possibleTypes = {
  AigcTask: tasks,
  Task: tasks,
  ResultFile: files,
  Node: [...tasks, ...files],
  UserError: [
    'InvalidInputError',
    'IdempotencyConflictError',
    'QuotaExceededError',
    'TaskNotFoundError',
    'TaskAlreadySubmittedError',
    'TaskNotRetryableError',
  ],
};

/** One state of each task for the whole page: a newer one updates it everywhere. */
export function createTaskCache(): Exchange {
  const created = (_result: unknown, _input: unknown, cache: Cache): void => forgetLists(cache);
  return cacheExchange({
    possibleTypes,
    // A change has no id, and is not cached: the task in it is.
    keys: { TaskChange: () => null },
    updates: {
      Mutation: {
        createImageTask: created,
        createVideoTask: created,
        createAudioTask: created,
        retryTask: created,
      },
    },
  });
}

/** The list that is shown is then read again. */
function forgetLists(cache: Cache): void {
  for (const { fieldName, fieldKey } of cache.inspectFields('Query')) {
    if (fieldName === 'tasks') cache.invalidate('Query', fieldKey);
  }
}
