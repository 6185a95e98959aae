import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../kit/logger.ts';
import { createRunAs, findAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { prepareDataFolder, type DataFolder } from './data-folder.ts';
import type { DataTemplate } from './data-template.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';

/**
 * Creates what a server needs, unless it exists: under `directory` (made private to the server's account) the data in
 * `data`, the log `server.log`, and the socket if its path isn't too long.
 */
export async function prepareServer(
  directory: string,
  template: DataTemplate | undefined,
  logger: Logger,
): Promise<{ folder: DataFolder; endpoint: Endpoint }> {
  const path = join(directory, 'data');
  const account = await findAccount(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  if (account) await chown(directory, account.uid, account.gid);
  const binaries = await findBinaries(directory);
  const endpoint = await createEndpoint(directory, account);
  const runAs = await createRunAs(account, [binaries.postgres, directory]);
  const environment = createEnvironment(binaries.environment);
  const { authentication } = endpoint;
  const folder = { directory, path, binaries, account, runAs, environment, authentication };
  await prepareDataFolder(folder, template, logger);
  return { folder, endpoint };
}

/** The server gets none of our environment: no secrets, no PG* variables. Windows can't do without its own. */
function createEnvironment(libraries: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = process.platform === 'win32' ? process.env : { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  return { ...inherited, ...libraries, LC_ALL: 'C', TZ: 'UTC' };
}
