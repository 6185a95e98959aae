import type { ArchivedFile } from './archived-file.ts';
import type { ResultFile, Task } from './task.ts';

/** A URL of an archived file, and until when it surely works. */
export type FileUrl = { url: string; expiresAt: Date };

/** null when there is no archive (any more), or no URL can be made: the file is what it would be without. */
export type FindFileUrl = (file: { id: string; archived: ArchivedFile }) => FileUrl | null | Promise<FileUrl | null>;

/** A file that the gateway serves itself. */
export type ServedFile = {
  /** Where it lies on disk. */
  path: string;
  contentType: string;
  /** SHA-256, hex. */
  checksum: string;
  /** The header's value for one who wants to save it. */
  attachment: string;
  /** Of the URL that it was asked for by. */
  expiresAt: Date;
};

/** null for a wrong or expired proof, and for what isn't there: which of them is not told. */
export type FindServedFile = (
  fileId: string,
  proof: { expires: string | null; signature: string | null },
) => Promise<ServedFile | null>;

/**
 * A URL by which the upstream can fetch a task's result when it begins to work with it: within hours, or, `offPeak`, two
 * days. null when there is none.
 */
export type LendFile = (
  task: Task,
  file: { id: string; file: ResultFile },
  loan: { offPeak: boolean },
) => Promise<string | null>;
