import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import { openServerLog } from './server-log.ts';

export type ServerProcess = {
  pid: number | undefined;
  /** The end of its log once it has ended. Undefined while it runs. */
  failure: string | undefined;
};

const defaults = {
  timezone: 'UTC',
  lc_messages: 'C',
  // Statements contain prompts, and never belong in a log.
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  // No statement here runs for long enough to pay for being compiled.
  jit: 'off',
};

/**
 * Starts the server in a session of its own, so that Ctrl-C reaches only the gateway, which then stops the server. It
 * doesn't keep Node alive.
 *
 * `stalePid`: the number in a `postmaster.pid` that is known to be no server any more. PostgreSQL checks only that a
 * process has it; if that is its grandparent, it goes on to its other check, for shared memory in use.
 */
export async function launchServer(
  folder: DataFolder,
  settings: Record<string, string>,
  stalePid: number | undefined,
): Promise<ServerProcess> {
  const assignments = Object.entries({ ...defaults, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const command = folder.runAs(folder.binaries.postgres, ['-D', folder.path, ...assignments]);
  const log = await openServerLog(join(folder.directory, 'server.log'));
  const environment = { ...folder.environment, ...(stalePid && { PG_GRANDPARENT_PID: String(stalePid) }) };
  const child = spawn(command.file, command.arguments, {
    ...command.identity,
    cwd: folder.directory,
    env: environment,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log.descriptor, log.descriptor],
  });
  child.unref();
  const server: ServerProcess = { pid: child.pid, failure: undefined };
  const ended = async (reason: string): Promise<void> => {
    await using finished = log;
    server.failure = (await finished.tail()) || reason;
  };
  child.once('error', (error) => void ended(error.message));
  child.once('exit', (code, signal) => void ended(`it ended with ${signal ?? `code ${code}`}`));
  return server;
}
