import type { DatabaseSync } from 'node:sqlite';

/** `held`: by another process, or already by this one. `impossible`: files here can't be locked, or not be created. */
export type FileLock = ({ state: 'locked' } & Disposable) | { state: 'held' } | { state: 'impossible'; reason: string };

/** SQLITE_BUSY */
const busy = 5;

/**
 * Locks a file, creating it if needed, until the lock is disposed of or the process ends in any way. Node has no file
 * locks, but SQLite, which comes with it, has: the operating system's own. They hold between containers that share a
 * folder, where process numbers say nothing, and a frozen process keeps its lock.
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
