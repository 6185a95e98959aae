import { arch, availableParallelism, cpus, platform } from 'node:os';
import { sql } from 'kysely';
import { startBenchGateway } from './bench-gateway.ts';

/** What the numbers depend on, in one line. */
export async function describeMachine(): Promise<string> {
  const cores = `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'})`;
  return `Node ${process.version}, PostgreSQL ${await findPostgresVersion()}, ${platform()} ${arch()}, ${cores}`;
}

/** Of the server that the benchmarks run on: only a running one tells it. */
async function findPostgresVersion(): Promise<string> {
  await using gateway = await startBenchGateway();
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(
    gateway.database,
  );
  return rows[0]?.version ?? 'unknown';
}
