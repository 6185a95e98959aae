import type { FileUrl, FindFileUrl } from './served-file.ts';
import type { FilesExpiry, ResultFile } from './task.ts';

/** `url` is null when it must not be handed out; `expiresAt` when the URL works for ever, or nothing is known. */
export type FileAccess = { url: string | null; expired: boolean; expiresAt: Date | null };

export type FileAccessMeans = {
  now: number;
  findFileUrl: FindFileUrl;
  isUsableFileUrl(url: string): boolean;
  /** When the URL was last seen to work; null when it is dead or can't be reached. */
  tryFileUrl(url: string): Promise<Date | null>;
};

/** A result file with what depends on its task. */
export type TaskFile = ResultFile & { id: string; expiry: FilesExpiry };

/** Prefers the archive's copy. Returns a promise only where it must: a page of tasks would have hundreds. */
export function findFileAccess(file: TaskFile, means: FileAccessMeans): FileAccess | Promise<FileAccess> {
  const { id, archived } = file;
  const found = archived ? means.findFileUrl({ id, archived }) : null;
  if (found instanceof Promise) return found.then((ofArchive) => accessOf(ofArchive) ?? upstreamAccess(file, means));
  return accessOf(found) ?? upstreamAccess(file, means);
}

function accessOf(ofArchive: FileUrl | null): FileAccess | null {
  return ofArchive && { ...ofArchive, expired: false };
}

function upstreamAccess(
  { url, expiry }: TaskFile,
  { now, tryFileUrl, isUsableFileUrl }: FileAccessMeans,
): FileAccess | Promise<FileAccess> {
  if (!isUsableFileUrl(url))
    return { url: null, expired: expiry.kind === 'at' && expiry.at.getTime() <= now, expiresAt: null };
  switch (expiry.kind) {
    case 'never':
      return { url, expired: false, expiresAt: null };
    case 'at':
      return { url, expired: expiry.at.getTime() <= now, expiresAt: expiry.at };
    case 'unknown':
      return tryFileUrl(url).then((seenAliveAt) => ({ url, expired: seenAliveAt === null, expiresAt: seenAliveAt }));
  }
}
