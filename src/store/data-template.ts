import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeTemplate } from '../embedded-postgres/make-template.ts';
import { hashFiles } from '../kit/hash-files.js';
import { silentLogger } from '../kit/logger.ts';
import { migrate } from './migrate.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The gateway's database in the embedded server. */
export const embeddedDatabase = 'gateway';

/** What a first start on a new folder begins with: an empty database of exactly this release's schema. */
export const dataTemplate = {
  file: join(root, '.template'),
  content: (): string => hashFiles(root, ['package.json', ...schemaFiles()]),
};

export async function buildDataTemplate(): Promise<void> {
  await makeTemplate(dataTemplate, embeddedDatabase, (connection) => migrate(connection, silentLogger));
}

/** What makes the schema, and the records of how it was made. */
function schemaFiles(): string[] {
  const store = readdirSync(join(root, 'src/store')).filter((name) => /^migrat(?:e|ion)/.test(name));
  const migrations = readdirSync(join(root, 'migrations'));
  return [...store.map((name) => `src/store/${name}`), ...migrations.map((name) => `migrations/${name}`)].toSorted();
}
