import type { DatabaseSync } from 'node:sqlite';

/** `held`: by another process, or by this one already. `impossible`: files here can't be locked, or not be made. */
export type FileLock = ({ state: 'locked' } & Disposable) | { state: 'held' } | { state: 'impossible'; reason: string };

/** SQLITE_BUSY */
const busy = 5;

/**
 * Locks a file, which is made unless it is there, until the lock is disposed of or the process ends, however it ends. Node
 * has no locks of files, but SQLite, which comes with it, has: the operating system's own. They hold between containers that
 * share a folder, where numbers of processes say nothing, and a process that is frozen keeps its lock.
 */
export async function lockFile(path: string): Promise<FileLock> {
  let database: DatabaseSync | undefined;
  try {
    const sqlite = await import('node:sqlite');
    database = new sqlite.DatabaseSync(path);
    const locked = database;
    // Nothing is ever written: the file stays empty, and the transaction is the lock.
    locked.exec('begin exclusive');
    return { state: 'locked', [Symbol.dispose]: () => locked.close() };
  } catch (error) {
    if (database?.isOpen) database.close();
    if (!(error instanceof Error)) throw error;
    const isBusy = 'errcode' in error && error.errcode === busy;
    return isBusy ? { state: 'held' } : { state: 'impossible', reason: error.message };
  }
}
