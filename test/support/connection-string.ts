import type { Connection } from '../../src/embedded-postgres/endpoint.ts';

/** A URL that pg and libpq understand, with the Unix socket's folder as a parameter. */
export function formatConnectionString({ host, port, user, password, database }: Connection): string {
  const credentials = password === undefined ? user : `${user}:${encodeURIComponent(password)}`;
  return `postgres://${credentials}@localhost/${database}?host=${encodeURIComponent(host)}&port=${port}`;
}
