import { findFileAccess, type FileAccess } from '../src/domain/task/file-access.ts';
import { fileIdAt } from '../src/domain/task/file-id.ts';
import type { FilesExpiry, ResultFile, Task } from '../src/domain/task/task.ts';
import type { GraphQLContext } from './context.ts';

/** A result file together with what it takes from its task: a place, and until when its URL works. */
export type TaskFile = ResultFile & { id: string; expiry: FilesExpiry };

export function filesOf(task: Task): TaskFile[] {
  return task.files.map((file, index) => ({ ...file, id: fileIdAt(task.id, index), expiry: task.filesExpiry }));
}

/** A resolver for what depends on whether a file's URL may be handed out now, and until when. */
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
