import type { Clock } from '../kit/clock.ts';
import type { ArchivedFile } from '../domain/task/archived-file.ts';
import { parseFileId } from '../domain/task/file-id.ts';
import type { FileUrl, FindFileUrl, FindServedFile } from '../domain/task/served-file.ts';
import { isTaskId } from '../domain/task/task-id.ts';
import type { Logger } from '../kit/logger.ts';
import type { ArchiveStore } from './archive-store.ts';
import { contentDisposition } from './content-disposition.ts';
import { fileNameOf } from './file-names.ts';
import type { UrlSignature } from './url-signature.ts';

const hourMs = 3_600_000;
// A URL stays the same for an hour, so that pages don't load pictures again each time.
const fileUrlLifeMs = 24 * hourMs;
/** A loan lasts for at least 72 hours: off-peak videos are made within 48, and polled for 72. */
const loanLifeMs = 73 * hourMs;
export const longestUrlLifeMs = loanLifeMs;
/** The clocks of replicas may differ. */
const leewayMs = 60_000;

export type ServingDependencies = {
  store: Pick<ArchiveStore, 'presign' | 'pathOf'>;
  signature: UrlSignature;
  /** The gateway's address for callers, without a slash at the end. */
  publicUrl(): string;
  findArchivedFile(taskId: string, index: number): Promise<ArchivedFile | null>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
};

type Archived = Parameters<FindFileUrl>[0];

export type Serving = {
  urlOf: FindFileUrl;
  /** A URL that works for as long as the upstream may need the file. */
  loanOf: FindFileUrl;
  findServed: FindServedFile;
};

export function createServing(dependencies: ServingDependencies): Serving {
  const { store, signature, publicUrl, findArchivedFile, clock } = dependencies;
  const presigned = createPresigned(dependencies);
  const beginningOfHour = (): number => Math.floor(clock.now() / hourMs) * hourMs;
  const isServedHere = ({ archived }: Archived): boolean => store.pathOf(archived.key) !== null;

  function sign({ id, archived }: Archived, until: number): FileUrl {
    const expires = until / 1_000;
    const query = `expires=${expires}&signature=${signature.sign(id, expires)}`;
    const url = `${publicUrl()}/files/${id}/${fileNameOf(id, archived.contentType)}?${query}`;
    return { url, expiresAt: new Date(until) };
  }

  return {
    urlOf(file) {
      const from = beginningOfHour();
      return isServedHere(file) ? sign(file, from + fileUrlLifeMs) : presigned(file, from);
    },

    loanOf(file) {
      const from = beginningOfHour();
      const until = from + loanLifeMs;
      return isServedHere(file) ? sign(file, until) : presign(dependencies, file, { from, until });
    },

    async findServed(fileId, proof) {
      const expires = /^\d{1,12}$/.test(proof.expires ?? '') ? Number(proof.expires) : 0;
      const isRight = signature.isRight(fileId, expires, proof.signature ?? '');
      const place = parseFileId(fileId);
      if (!isRight || place === null || !isTaskId(place.taskId)) return null;
      if (clock.now() > expires * 1_000 + leewayMs) return null;
      const archived = await findArchivedFile(place.taskId, place.index);
      const path = archived && store.pathOf(archived.key);
      if (archived === null || path === null) return null;
      const { contentType, checksum } = archived;
      const attachment = contentDisposition(fileNameOf(fileId, contentType), true);
      return { path, contentType, checksum, attachment, expiresAt: new Date(expires * 1_000) };
    },
  };
}

const rememberedUrls = 10_000;

/** Signing for a store takes a millisecond, which a page of tasks that is read again and again would feel. */
function createPresigned(dependencies: ServingDependencies) {
  let urls = new Map<string, FileUrl>();
  let validFrom = 0;

  return (file: Archived, from: number): FileUrl | Promise<FileUrl | null> => {
    if (from !== validFrom || urls.size >= rememberedUrls) urls = new Map();
    validFrom = from;
    return urls.get(file.archived.key) ?? presignAndRemember(file, from);
  };

  async function presignAndRemember(file: Archived, from: number): Promise<FileUrl | null> {
    const url = await presign(dependencies, file, { from, until: from + fileUrlLifeMs });
    if (url !== null && from === validFrom) urls.set(file.archived.key, url);
    return url;
  }
}

async function presign(
  { store, logger }: ServingDependencies,
  { id, archived }: Archived,
  { from, until }: { from: number; until: number },
): Promise<FileUrl | null> {
  const { key, contentType } = archived;
  const expiresAt = new Date(until);
  const fileName = fileNameOf(id, contentType);
  const options = { at: new Date(from), expiresAt, contentType, fileName, asAttachment: false };
  try {
    const url = await store.presign(key, options);
    return url === null ? null : { url, expiresAt };
  } catch (error) {
    logger.error({ fileId: id, error: String(error) }, 'No URL could be made for an archived file.');
    return null;
  }
}
