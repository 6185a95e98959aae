import { DatabaseError } from 'pg';

/** SQLSTATE classes: data exception, integrity constraint violation, program limit exceeded (a value too long for an index). */
const dataClasses = ['22', '23', '54'];

/** Whether PostgreSQL refused what was to be written, and so would refuse it for ever: trying again changes nothing. */
export function isDataError(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && dataClasses.includes(error.code?.slice(0, 2) ?? '');
}
