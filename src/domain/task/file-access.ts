import type { FileUrl, FindFileUrl } from './served-file.ts';
import type { FilesExpiry, ResultFile } from './task.ts';

/** By which URL (null: the vendor's is not usable) a result may be handed out, and until when (null: for ever, or unknown). */
export type FileAccess = { url: string | null; expired: boolean; expiresAt: Date | null };

export type FileAccessMeans = {
  now: number;
  findFileUrl: FindFileUrl;
  isUsableFileUrl(url: string): boolean;
  /** When a URL of unknown expiry was last seen to work; null when it is dead or can't be reached. */
  tryFileUrl(url: string): Promise<Date | null>;
};

type HeldFile = ResultFile & { id: string; expiry: FilesExpiry };

/** Prefers the archive's copy. Promises only where it must: one for each field of each file is felt on a page of tasks. */
export function findFileAccess(file: HeldFile, means: FileAccessMeans): FileAccess | Promise<FileAccess> {
  const { id, archived } = file;
  const found = archived ? means.findFileUrl({ id, archived }) : null;
  if (found instanceof Promise) return found.then((ofArchive) => accessOf(ofArchive) ?? upstreamAccess(file, means));
  return accessOf(found) ?? upstreamAccess(file, means);
}

function accessOf(ofArchive: FileUrl | null): FileAccess | null {
  return ofArchive && { ...ofArchive, expired: false };
}

function upstreamAccess(
  { url, expiry }: HeldFile,
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
