import type { Clock } from '../clock.ts';
import type { ArchivedFile } from '../domain/archived-file.ts';
import { parseFileId } from '../domain/file-id.ts';
import type { FileUrl, FindFileUrl, FindServedFile } from '../domain/served-file.ts';
import type { Logger } from '../logger.ts';
import { isTaskId } from '../tasks/find-tasks.ts';
import type { ArchiveStore } from './archive-store.ts';
import { contentDisposition } from './content-disposition.ts';
import { fileNameOf } from './file-names.ts';
import type { UrlSignature } from './url-signature.ts';

const hourMs = 3_600_000;
/** A URL stays the same for an hour, so that pages don't load pictures again at each look, and works for a day. */
export const fileUrlLifeMs = 24 * hourMs;
/** Of clocks that differ between replicas. */
const leewayMs = 60_000;

export type ServingDependencies = {
  store: Pick<ArchiveStore, 'presign' | 'pathOf'>;
  signature: UrlSignature;
  /** Where the gateway is reached from outside, without a slash at the end. */
  publicUrl(): string;
  findArchivedFile(taskId: string, index: number): Promise<ArchivedFile | null>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
};

/** Hands out URLs of what is archived, and finds what they lead to. */
export function createServing(dependencies: ServingDependencies): { urlOf: FindFileUrl; findServed: FindServedFile } {
  const { store, signature, publicUrl, findArchivedFile, clock } = dependencies;
  const presigned = createPresigned(dependencies);

  return {
    urlOf(file) {
      const from = Math.floor(clock.now() / hourMs) * hourMs;
      if (store.pathOf(file.archived.key) === null) return presigned(file, from);
      const expires = (from + fileUrlLifeMs) / 1_000;
      const name = fileNameOf(file.id, file.archived.contentType);
      const query = `expires=${expires}&signature=${signature.sign(file.id, expires)}`;
      return { url: `${publicUrl()}/files/${file.id}/${name}?${query}`, expiresAt: new Date(expires * 1_000) };
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

/** Of a page's worth of tasks that is looked at again and again. */
const rememberedUrls = 10_000;

/** Signing for another's store takes a millisecond: what was signed is remembered while it is handed out. */
function createPresigned({ store, logger }: ServingDependencies) {
  let urls = new Map<string, FileUrl>();
  let validFrom = 0;

  return (file: Parameters<FindFileUrl>[0], from: number): FileUrl | Promise<FileUrl | null> => {
    if (from !== validFrom || urls.size >= rememberedUrls) urls = new Map();
    validFrom = from;
    return urls.get(file.archived.key) ?? presign(file, from);
  };

  async function presign({ id, archived }: Parameters<FindFileUrl>[0], from: number): Promise<FileUrl | null> {
    const { key, contentType } = archived;
    const expiresAt = new Date(from + fileUrlLifeMs);
    const fileName = fileNameOf(id, contentType);
    const options = { at: new Date(from), expiresAt, contentType, fileName, asAttachment: false };
    try {
      const url = await store.presign(key, options);
      if (url === null) return null;
      if (from === validFrom) urls.set(key, { url, expiresAt });
      return { url, expiresAt };
    } catch (error) {
      logger.error({ fileId: id, error: String(error) }, 'No URL could be made for an archived file.');
      return null;
    }
  }
}
