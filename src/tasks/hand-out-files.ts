import type { Clock } from '../clock.ts';
import type { FindFileUrl } from '../domain/served-file.ts';
import type { ResultFileType, Task } from '../domain/task.ts';

/** A result with a URL that surely works until `expiresAt` (null: for ever), or without one. */
export type HandedOutFile = {
  id: string;
  type: ResultFileType;
  url: string | null;
  expiresAt: Date | null;
  /** Seconds. */
  duration: number | null;
};

type Dependencies = {
  clock: Clock;
  /** Until when a URL of unknown expiry may be handed out; null when it is dead. */
  tryFileUrl(url: string): Promise<Date | null>;
  /** Of what is archived. */
  findFileUrl?: FindFileUrl;
};

/** A task's results as its owner is shown them now, for who can't ask field by field. */
export async function handOutFiles(
  { clock, tryFileUrl, findFileUrl }: Dependencies,
  task: Task,
): Promise<HandedOutFile[]> {
  const { filesExpiry } = task;
  return await Promise.all(
    task.files.map(async ({ type, url, duration, archived }, index) => {
      const id = `${task.id}_${index}`;
      const file = { id, type, duration: duration ?? archived?.duration ?? null };
      const ofArchive = archived && (await findFileUrl?.({ id, archived }));
      if (ofArchive) return { ...file, ...ofArchive };
      if (filesExpiry.kind === 'never') return { ...file, url, expiresAt: null };
      const expiresAt = filesExpiry.kind === 'at' ? filesExpiry.at : await tryFileUrl(url);
      const works = expiresAt !== null && (filesExpiry.kind === 'unknown' || expiresAt.getTime() > clock.now());
      return { ...file, url: works ? url : null, expiresAt };
    }),
  );
}
