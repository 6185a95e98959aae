import type { Credentials } from '../authentication/authentication.ts';

/** What is kept of the request for the upgrade. The request itself would be kept for as long as the socket. */
export type Handshake = { authorization: string | undefined };

/**
 * The credentials of an operation on a WebSocket: browsers can't set headers on the connection, so clients send them with
 * connection_init, directly or as `headers`, and GraphiQL with each operation, which win.
 */
export function operationCredentials(
  handshake: Handshake,
  connectionParams: unknown,
  extensions: unknown,
): Credentials {
  return credentialsIn([handshake, ...sourcesOf(connectionParams), fieldOf(extensions, 'headers')]);
}

export function connectionCredentials(handshake: Handshake, connectionParams: unknown): Credentials {
  return credentialsIn([handshake, ...sourcesOf(connectionParams)]);
}

export function bringsCredentials(handshake: Handshake, connectionParams: unknown): boolean {
  return [handshake, ...sourcesOf(connectionParams)].some((source) =>
    authorizationsIn(source).some((value) => value !== ''),
  );
}

function sourcesOf(connectionParams: unknown): unknown[] {
  return [connectionParams, fieldOf(connectionParams, 'headers')];
}

/**
 * The last ones. What can't be a header still replaces those before it: a caller who meant to be someone else must not pass as
 * the one who connected.
 */
function credentialsIn(sources: readonly unknown[]): Credentials {
  const last = sources.flatMap(authorizationsIn).at(-1);
  const authorization = typeof last === 'string' ? asHeader(last) : null;
  return { headers: { get: (name) => (isAuthorization(name) ? authorization : null) } };
}

function authorizationsIn(source: unknown): unknown[] {
  if (typeof source !== 'object' || source === null) return [];
  const values: unknown[] = [];
  for (const name of Object.keys(source)) {
    const value = isAuthorization(name) ? fieldOf(source, name) : null;
    if (value !== null && value !== undefined) values.push(value);
  }
  return values;
}

function isAuthorization(name: string): boolean {
  return name.length === 13 && name.toLowerCase() === 'authorization';
}

function fieldOf(source: unknown, name: string): unknown {
  if (typeof source !== 'object' || source === null) return undefined;
  return Object.getOwnPropertyDescriptor(source, name)?.value;
}

/** As node:http reads it: without whitespace around it, and nothing with control characters or beyond Latin-1 in it. */
function asHeader(value: string): string | null {
  const trimmed = value.replaceAll(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(trimmed) ? trimmed : null;
}
