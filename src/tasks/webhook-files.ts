import type { Clock } from '../kit/clock.ts';
import { findFileAccess, type FileAccessMeans } from '../domain/task/file-access.ts';
import { fileIdAt } from '../domain/task/file-id.ts';
import type { ResultFileType, Task } from '../domain/task/task.ts';

/** A result with a URL that surely works until `expiresAt` (null: for ever), or without one. */
export type WebhookFile = {
  id: string;
  type: ResultFileType;
  url: string | null;
  expiresAt: Date | null;
  /** Seconds. */
  duration: number | null;
};

type Dependencies = Omit<FileAccessMeans, 'now'> & { clock: Clock };

/** A task's results as the API would show them to its owner now. */
export async function findWebhookFiles({ clock, ...means }: Dependencies, task: Task): Promise<WebhookFile[]> {
  return await Promise.all(
    task.files.map(async (file, index) => {
      const id = fileIdAt(task.id, index);
      const held = { ...file, id, expiry: task.filesExpiry };
      const { url, expired, expiresAt } = await findFileAccess(held, { ...means, now: clock.now() });
      const duration = file.duration ?? file.archived?.duration ?? null;
      return { id, type: file.type, duration, url: expired ? null : url, expiresAt };
    }),
  );
}
