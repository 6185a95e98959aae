import type { FileUrl, FindFileUrl } from './served-file.ts';
import type { FilesExpiry, ResultFile } from './task.ts';

/**
 * Whether a result may be handed out now, by which URL (null: the vendor's is not usable) and until when (null: for ever, or
 * nobody knows when it went).
 */
export type FileAccess = { url: string | null; expired: boolean; expiresAt: Date | null };

export type FileAccessMeans = {
  now: number;
  findFileUrl: FindFileUrl;
  /** Whether the upstream's URL may be handed out at all. */
  isUsableFileUrl(url: string): boolean;
  /** When a URL of unknown expiry was last seen to work; null when it is dead or can't be reached. */
  tryFileUrl(url: string): Promise<Date | null>;
};

type HeldFile = ResultFile & { id: string; expiry: FilesExpiry };

/**
 * What the archive has is had from there. A promise only where something has to be asked: one for each field of each
 * file is felt on a page of tasks.
 */
export function findFileAccess(file: HeldFile, means: FileAccessMeans): FileAccess | Promise<FileAccess> {
  const { id, archived } = file;
  const found = archived ? means.findFileUrl({ id, archived }) : null;
  if (found instanceof Promise) return found.then((ofArchive) => accessOf(ofArchive) ?? upstreamAccess(file, means));
  return accessOf(found) ?? upstreamAccess(file, means);
}

function accessOf(ofArchive: FileUrl | null): FileAccess | null {
  return ofArchive && { ...ofArchive, expired: false };
}

/** A URL that nobody told the expiry of is tried: it surely works until the moment at which it was seen to, and no longer. */
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
