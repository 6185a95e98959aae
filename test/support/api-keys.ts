import { makeApiKey } from '../../src/domain/api-key.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { insertApiKey, revokeApiKey } from '../../src/store/api-keys.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import type { TestGateway } from './gateway.ts';

/** A key as `npm run keys -- create` makes it, in a gateway's database. */
export async function makeKeyFor({ config }: Pick<TestGateway, 'config'>, owner: string): Promise<string> {
  const { key, text } = makeApiKey({ owner, name: 'test' });
  await inDatabase(config.databaseUrl, (database) => insertApiKey(database, key));
  return text;
}

export async function revokeKeyOf({ config }: Pick<TestGateway, 'config'>, text: string): Promise<void> {
  const [, id = ''] = text.split('_');
  await inDatabase(config.databaseUrl, (database) => revokeApiKey(database, id));
}

async function inDatabase(url: string | null, run: (database: Database) => Promise<unknown>): Promise<void> {
  await using database = createDatabase({ connectionString: url ?? '' }, silentLogger);
  await run(database);
}
