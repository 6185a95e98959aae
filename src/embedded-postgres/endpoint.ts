import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { isSystemError } from '../kit/system-error.ts';
import { prepareSocketFolder, socketPort } from './socket-folder.ts';

/** Parameters for `pg.Pool` and `pg.Client`. `ssl` is set so that PGSSLMODE of the environment does not apply. */
export type Connection = {
  host: string;
  port: number;
  user: string;
  database: string;
  password?: string;
  ssl: false;
};

export type Endpoint = {
  settings: Record<string, string>;
  authentication: string[];
  password?: string;
};

/** A Unix socket in a private folder; on Windows a loopback port, with a password. */
export async function createEndpoint(directory: string, account: Account): Promise<Endpoint> {
  return process.platform === 'win32' ? createLoopbackEndpoint(directory) : createSocketEndpoint(directory, account);
}

async function createSocketEndpoint(directory: string, account: Account): Promise<Endpoint> {
  const settings = {
    listen_addresses: '',
    port: String(socketPort),
    unix_socket_directories: await prepareSocketFolder(directory, account),
    unix_socket_permissions: '0700',
  };
  return { settings, authentication: ['--auth-local=trust', '--auth-host=reject'] };
}

async function createLoopbackEndpoint(directory: string): Promise<Endpoint> {
  const passwordFile = join(directory, 'password');
  try {
    await writeFile(passwordFile, randomBytes(24).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
  const settings = { listen_addresses: '127.0.0.1', port: String(await findFreePort()), unix_socket_directories: '' };
  const authentication = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  return { settings, authentication, password: await readFile(passwordFile, 'utf8') };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : socketPort;
}
