import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { stateOfBundle } from '../../src/bundle/bundle-state.js';
import { stateOfBuild } from '../../src/http/static/page/page-folder.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.ts';
import { migrate } from '../../src/store/migrate.ts';
import { templateName } from './database.ts';
import { careless } from './disposable-postgres.ts';

/** One server for the whole run, with a migrated database that `createTestDatabase` clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // In a process of its own, which is not told that it is a test: that would build for development.
  if ((await stateOfBuild()) !== 'current' || stateOfBundle() !== 'current') {
    await promisify(execFile)(process.execPath, ['src/build.ts'], { env: {} });
  }
  const directory = await mkdtemp(join(tmpdir(), 'gateway-test-'));
  const server = await startEmbeddedPostgres({
    directory,
    logger: silentLogger,
    settings: { ...careless, max_connections: '300' },
    database: templateName,
  });
  const teardown = async (): Promise<void> => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await migrate(server.connection, silentLogger);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide('postgres', server.connection);
  return teardown;
}
