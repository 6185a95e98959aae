import pg from 'pg';
import { systemClock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { DataFolder } from './data-folder.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import type { Connection } from './endpoint.ts';
import { joinServer, type Presence } from './presence.ts';
import { findPostmaster, type Postmaster } from './postmaster.ts';
import { launchServer, type ServerProcess } from './server-process.ts';

const pollIntervalMs = 5;
const patienceMs = 15_000;

export type ServerOnFolder = {
  folder: DataFolder;
  settings: Record<string, string>;
  connectionTo(address: { host: string; port: number }): Connection;
  logger: Logger;
};

export type ReachedServer = { connection: Connection; presence: Presence; adopted: boolean };

/**
 * Adopts the server that runs on the folder, or launches one. Each turn checks anew what is there, in case another gateway
 * starts or stops the server meanwhile: the folder's `postmaster.pid` lets one win.
 */
export async function reachServer(server: ServerOnFolder, whenLaunched = (): void => {}): Promise<ReachedServer> {
  let launched: ServerProcess | undefined;
  let lastFailure: string | undefined;
  let lastError: unknown;
  let patientUntil = systemClock.monotonic() + patienceMs;
  for (;;) {
    const postmaster = await findPostmaster(server.folder.path);
    if (postmaster?.running && postmaster.address) {
      const connection = server.connectionTo(postmaster.address);
      try {
        const presence = await joinServer(connection, server.logger);
        return { connection, presence, adopted: postmaster.pid !== launched?.pid };
      } catch (error) {
        lastError = error;
        if (isBusy(error)) patientUntil = systemClock.monotonic() + patienceMs;
      }
    }
    if (launched?.failure !== undefined) {
      lastFailure = launched.failure;
      if (!lostToAnother(lastFailure)) throw startFailed(server.folder, lastFailure);
      launched = undefined;
    } else if (!launched && !postmaster?.running) {
      launched = await launchServer(server.folder, server.settings, postmaster?.pid);
      whenLaunched();
    }
    if (systemClock.monotonic() > patientUntil) {
      if (postmaster === undefined && lastFailure !== undefined) throw startFailed(server.folder, lastFailure);
      throw notAnswering(server.folder, postmaster, lastError);
    }
    await systemClock.sleep(pollIntervalMs);
  }
}

/** It is starting, recovering or shutting down: that may take long, and must not be interrupted. */
function isBusy(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57P03';
}

/** Another server was faster, or is about to be, or a killed one's processes have not ended yet. */
function lostToAnother(failure: string): boolean {
  return /lock file .* already exists|lock file .* is empty|is still in use/.test(failure);
}

function startFailed(folder: DataFolder, failure: string): EmbeddedPostgresError {
  const message = `PostgreSQL could not start on ${folder.path}. Its last words, from ${folder.directory}/server.log:`;
  return new EmbeddedPostgresError('START_FAILED', `${message}\n${failure}`);
}

function notAnswering(folder: DataFolder, postmaster: Postmaster | undefined, cause: unknown): EmbeddedPostgresError {
  const holder = postmaster?.running ? `PostgreSQL (process ${postmaster.pid})` : 'PostgreSQL';
  const message = `${holder} on ${folder.path} did not answer for ${patienceMs / 1000} s: see ${folder.directory}/server.log.`;
  return new EmbeddedPostgresError('NOT_ANSWERING', message, { cause });
}
