import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemClock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { DataFolder } from './data-folder.ts';
import { findPostmaster, type Postmaster } from './postmaster.ts';

const pollIntervalMs = 5;
const patienceMs = 10_000;

/** Ends the server's sessions, and lets it write everything and exit. One that takes long finishes on its own. */
export async function stopServer(folder: DataFolder, logger: Logger): Promise<void> {
  const postmaster = await findPostmaster(folder.path);
  if (!postmaster?.running) return;
  await requestFastShutdown(folder, postmaster);
  const patientUntil = systemClock.monotonic() + patienceMs;
  while (await stillRuns(folder, postmaster)) {
    if (systemClock.monotonic() > patientUntil) {
      logger.warn({ pid: postmaster.pid }, 'the embedded PostgreSQL is still shutting down');
      return;
    }
    await systemClock.sleep(pollIntervalMs);
  }
}

async function requestFastShutdown(folder: DataFolder, { pid }: Postmaster): Promise<void> {
  if (process.platform !== 'win32') {
    process.kill(pid, 'SIGINT');
    return;
  }
  // Signals kill outright on Windows; pg_ctl uses a pipe.
  await promisify(execFile)(folder.binaries.pgControl, ['stop', '-D', folder.path, '-m', 'fast', '--no-wait']);
}

async function stillRuns(folder: DataFolder, { pid }: Postmaster): Promise<boolean> {
  const postmaster = await findPostmaster(folder.path);
  return postmaster?.pid === pid && postmaster.running;
}
