import type { DatabaseSync } from 'node:sqlite';

/** `held`: by another process or by this one. `impossible`: files can't be locked or created here. */
export type FileLock = ({ state: 'locked' } & Disposable) | { state: 'held' } | { state: 'impossible'; reason: string };

const sqliteBusy = 5;

// Node has no file locks, but its SQLite uses the operating system's: they end with the process, hold between containers
// that share a folder, where process ids mean nothing, and stay with a process that is frozen.
export async function lockFile(path: string): Promise<FileLock> {
  let database: DatabaseSync | undefined;
  try {
    const sqlite = await import('node:sqlite');
    database = new sqlite.DatabaseSync(path);
    const locked = database;
    // The open transaction is the lock; nothing is ever written.
    locked.exec('begin exclusive');
    return { state: 'locked', [Symbol.dispose]: () => locked.close() };
  } catch (error) {
    if (database?.isOpen) database.close();
    if (!(error instanceof Error)) throw error;
    const isBusy = 'errcode' in error && error.errcode === sqliteBusy;
    return isBusy ? { state: 'held' } : { state: 'impossible', reason: error.message };
  }
}
