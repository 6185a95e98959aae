import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ifPresent, isSystemError } from '../kit/system-error.ts';

export type Postmaster = {
  pid: number;
  /** False if the process is gone, or its number now belongs to another program. */
  running: boolean;
  /** Absent while the server hasn't written it yet. */
  address: { host: string; port: number } | undefined;
};

/** Reads `postmaster.pid` (its lines: pid, folder, start, port, socket folder, listen address…). */
export async function findPostmaster(dataFolder: string): Promise<Postmaster | undefined> {
  const text = await ifPresent(readFile(join(dataFolder, 'postmaster.pid'), 'utf8'));
  const [pidLine = '', , , port = '', socketFolder = '', listenAddress = ''] = text?.split('\n') ?? [];
  const pid = Number(pidLine);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const host = socketFolder || listenAddress;
  return { pid, running: await isPostgres(pid), address: host ? { host, port: Number(port) } : undefined };
}

/**
 * In a container that is started again, small process numbers return as other programs, and killed servers may stay as
 * zombies: on Linux the name and the state decide, not the number.
 */
async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return exists(pid);
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return /^\d+ \(postgres\) [^ZX]/.test(status);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}
