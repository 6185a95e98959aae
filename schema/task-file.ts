import type { FileUrl } from '../src/domain/served-file.ts';
import type { FilesExpiry, ResultFile, Task } from '../src/domain/task.ts';
import type { GraphQLContext } from './context.ts';

/** A result file together with what it takes from its task: a place, and until when its URL works. */
export type TaskFile = ResultFile & { id: string; expiry: FilesExpiry };

export function filesOf(task: Task): TaskFile[] {
  return task.files.map((file, index) => ({ ...file, id: `${task.id}_${index}`, expiry: task.filesExpiry }));
}

const fileId = /^(?<taskId>.+)_(?<index>0|[1-9]\d{0,5})$/;

/** The task that a file's id leads to; null when it isn't a file's id. */
export function taskIdOfFile(id: string): string | null {
  return fileId.exec(id)?.groups?.taskId ?? null;
}

type FileAccess = { url: string; expired: boolean; expiresAt: Date | null };

/**
 * A resolver for what depends on whether a file's URL may be handed out now, and until when. It waits only for a URL
 * that has to be tried: a promise for each field of each file is felt on a page of tasks.
 */
export function resolveByAccess<Value>(pick: (access: FileAccess) => Value) {
  return (file: TaskFile, _arguments: object, context: GraphQLContext): Value | Promise<Value> => {
    const access = findAccess(file, context);
    return access instanceof Promise ? access.then(pick) : pick(access);
  };
}

/** What the archive has is had from there. */
function findAccess(file: TaskFile, context: GraphQLContext): FileAccess | Promise<FileAccess> {
  const { id, archived } = file;
  const found = archived ? context.useCases.findFileUrl({ id, archived }) : null;
  if (found instanceof Promise) return found.then((ofArchive) => accessOf(ofArchive) ?? upstreamAccess(file, context));
  return accessOf(found) ?? upstreamAccess(file, context);
}

function accessOf(ofArchive: FileUrl | null): FileAccess | null {
  return ofArchive && { ...ofArchive, expired: false };
}

/** A URL that nobody told the expiry of is tried. */
function upstreamAccess(
  { url, expiry }: TaskFile,
  { clock, loaders }: GraphQLContext,
): FileAccess | Promise<FileAccess> {
  switch (expiry.kind) {
    case 'never':
      return { url, expired: false, expiresAt: null };
    case 'at':
      return { url, expired: expiry.at.getTime() <= clock.now(), expiresAt: expiry.at };
    case 'unknown':
      return loaders.fileDeadline
        .load(url)
        .then((deadline) => ({ url, expired: deadline === null, expiresAt: deadline }));
  }
}
