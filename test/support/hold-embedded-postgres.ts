// A gateway as far as its database goes: starts the server on the folder named, says so, and holds it until it is
// killed; `briefly`: as long as the server itself keeps a process alive, which is not at all.
import { silentLogger } from '../../src/kit/logger.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.ts';

const [, , directory = '', howLong] = process.argv;
try {
  await startEmbeddedPostgres({ directory, logger: silentLogger });
  console.log('started');
  if (howLong !== 'briefly') setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
