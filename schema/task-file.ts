import { findFileAccess, type FileAccess, type TaskFile } from '../src/domain/task/file-access.ts';
import { fileIdAt } from '../src/domain/task/file-id.ts';
import type { Task } from '../src/domain/task/task.ts';
import type { GraphQLContext } from './context.ts';

export function filesOf(task: Task): TaskFile[] {
  return task.files.map((file, index) => ({ ...file, id: fileIdAt(task.id, index), expiry: task.filesExpiry }));
}

/** Resolves what depends on whether and until when a file's URL may be handed out. */
export function resolveByAccess<Value>(pick: (access: FileAccess) => Value) {
  return (file: TaskFile, _arguments: object, { clock, loaders, useCases }: GraphQLContext): Value | Promise<Value> => {
    const access = findFileAccess(file, {
      now: clock.now(),
      findFileUrl: useCases.findFileUrl,
      isUsableFileUrl: useCases.isUsableFileUrl,
      tryFileUrl: (url) => loaders.fileSeenAliveAt.load(url),
    });
    return access instanceof Promise ? access.then(pick) : pick(access);
  };
}
