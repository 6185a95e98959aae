import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { JobSpec } from './job.ts';

/** Adds a job unless there is one of its key. One that has failed for good is given all of its attempts again. */
export async function addJob(database: Database, name: string, payload: object, spec: JobSpec): Promise<void> {
  const { rows } = await sql<{ id: string; over: boolean }>`
    select id, attempts >= max_attempts and locked_at is null as over from graphile_worker.add_job(
      identifier => ${name}::text,
      payload => ${JSON.stringify(payload)}::json,
      job_key => ${spec.key}::text,
      priority => ${spec.priority ?? 0}::integer,
      run_at => coalesce(${spec.runAt ?? null}::timestamptz, now()),
      max_attempts => ${spec.maxAttempts}::integer,
      job_key_mode => 'unsafe_dedupe'
    )`.execute(database);
  for (const { id, over } of rows) {
    if (over) {
      await sql`select from graphile_worker.reschedule_jobs(array[${id}::bigint], run_at => now(), attempts => 0)`.execute(
        database,
      );
    }
  }
}
