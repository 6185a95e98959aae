import type { Pool } from 'pg';
import type { Logger } from '../kit/logger.ts';
import { jobLoggerOf } from './job-logger.ts';

export const jobSchema = 'graphile_worker';

/** Replicas that start together don't get in each other's way: who comes second takes what the first has made. */
export async function prepareJobs(pool: Pool, logger: Logger): Promise<void> {
  // Loading it takes as long as half a start: it is only loaded once the server listens.
  const { runMigrations } = await import('graphile-worker');
  await runMigrations({ pgPool: pool, schema: jobSchema, logger: await jobLoggerOf(logger) });
}
