import type { ArchivedFile } from './archived-file.ts';
import type { ResultFile, Task } from './task.ts';

export type FileUrl = { url: string; expiresAt: Date };

/** null: there is no archive, or no URL can be made. The vendor's URL is used then. */
export type FindFileUrl = (file: { id: string; archived: ArchivedFile }) => FileUrl | null | Promise<FileUrl | null>;

export type ServedFile = {
  path: string;
  contentType: string;
  checksum: string;
  attachment: string;
  expiresAt: Date;
};

/** null for a wrong or expired signature, and for an unknown file. */
export type FindServedFile = (
  fileId: string,
  proof: { expires: string | null; signature: string | null },
) => Promise<ServedFile | null>;

/** A URL that works until the upstream fetches it: within hours, or, `offPeak`, two days. null when there is none. */
export type LendFile = (
  task: Task,
  file: { id: string; file: ResultFile },
  loan: { offPeak: boolean },
) => Promise<string | null>;
