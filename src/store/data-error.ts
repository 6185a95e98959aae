import { DatabaseError } from 'pg';
import { RefusedRecordError } from '../domain/task/refused-record.ts';

/** SQLSTATE classes: data exception, integrity constraint violation, program limit exceeded (a value too long for an index). */
const dataClasses = ['22', '23', '54'];

/** Whether PostgreSQL refused what was to be written, and so would refuse it for ever: trying again changes nothing. */
export function isDataError(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && dataClasses.includes(error.code?.slice(0, 2) ?? '');
}

/** The same for rooms that don't know the database: throws a RefusedRecordError in place of such an error. */
export async function tellRefusal<T>(recording: Promise<T>): Promise<T> {
  return await recording.catch((cause: unknown) => {
    throw isDataError(cause) ? new RefusedRecordError(cause.code ?? null, { cause }) : cause;
  });
}
