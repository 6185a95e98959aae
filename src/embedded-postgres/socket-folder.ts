import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { isSystemError } from '../kit/system-error.ts';

/** Only part of the socket's name: no TCP port is opened. */
export const socketPort = 5432;

// 104 bytes on macOS, 108 on Linux, with the closing zero.
const maxSocketPathLength = 103;

/** A folder that only the server's account may enter: inside it, no password is needed. */
export async function prepareSocketFolder(directory: string, account: Account): Promise<string> {
  const folder = [directory, ...[tmpdir(), '/tmp'].map((parent) => join(parent, shortName(directory)))].find(fits);
  if (folder === undefined) throw unsafe(directory, 'is too long for a Unix socket');
  if (folder !== directory) await makePrivate(folder, account);
  return folder;
}

function shortName(directory: string): string {
  return `gateway-postgres-${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`;
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${socketPort}`)) <= maxSocketPathLength;
}

/** Its name can be guessed: if another user has created it to listen in, it isn't used. */
async function makePrivate(folder: string, account: Account): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
  const status = await lstat(folder);
  const ours = [process.getuid?.(), account?.uid].includes(status.uid);
  if (!ours || !status.isDirectory()) throw unsafe(folder, 'belongs to another user');
  if (account) await chown(folder, account.uid, account.gid);
  await chmod(folder, 0o700);
}

function unsafe(folder: string, reason: string): EmbeddedPostgresError {
  const message = `${folder} ${reason}: set DATA_DIR to another, shorter path.`;
  return new EmbeddedPostgresError('UNSAFE_SOCKET_FOLDER', message);
}
