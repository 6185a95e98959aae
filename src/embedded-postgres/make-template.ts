import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../kit/logger.ts';
import { describeNeed } from './data-folder.ts';
import { packDataFolder, type DataTemplate } from './data-template.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import type { Connection } from './endpoint.ts';
import { prepareServer } from './prepare-server.ts';

/** What is lost in a crash is made anew. */
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Makes a template of a new server with one database, which `fill` fills. On Windows, where folders have a password, none. */
export async function makeTemplate(
  { file, content }: DataTemplate,
  database: string,
  fill: (connection: Connection) => Promise<void>,
): Promise<void> {
  if (process.platform === 'win32') return;
  const logger = silentLogger;
  const directory = await mkdtemp(join(tmpdir(), 'gateway-template-'));
  try {
    const server = await startEmbeddedPostgres({ directory, logger, settings: careless, database });
    await fill(server.connection).finally(() => server.stop());
    const { folder } = await prepareServer(directory, undefined, logger);
    await packDataFolder(folder.path, file, describeNeed(folder, content()));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
