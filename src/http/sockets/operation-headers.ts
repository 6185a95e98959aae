import type { IncomingMessage } from 'node:http';

/**
 * The headers of an operation on a WebSocket: browsers can't set any on the connection, so clients send them with
 * connection_init, directly or as `headers`, and GraphiQL with each operation, which win.
 */
export function operationHeaders(upgrade: IncomingMessage, connectionParams: unknown, extensions: unknown): Headers {
  return merged([upgrade.headers, ...sourcesOf(connectionParams), entriesOf(extensions)['headers']]);
}

export function connectionHeaders(upgrade: IncomingMessage, connectionParams: unknown): Headers {
  return merged([upgrade.headers, ...sourcesOf(connectionParams)]);
}

export function bringsCredentials(upgrade: IncomingMessage, connectionParams: unknown): boolean {
  return [upgrade.headers, ...sourcesOf(connectionParams)].some((source) =>
    Object.entries(entriesOf(source)).some(
      ([name, value]) => isAuthorization(name) && value !== '' && value !== null && value !== undefined,
    ),
  );
}

function isAuthorization(name: string): boolean {
  return name.toLowerCase() === 'authorization';
}

function sourcesOf(connectionParams: unknown): unknown[] {
  return [connectionParams, entriesOf(connectionParams)['headers']];
}

function merged(sources: unknown[]): Headers {
  const headers = new Headers();
  for (const source of sources) {
    for (const [name, value] of Object.entries(entriesOf(source))) {
      if (value !== null && value !== undefined) trySet(headers, name, value);
    }
  }
  return headers;
}

function entriesOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/**
 * Ignores what can't be a header. Credentials that can't still replace those before them: a caller who meant to be
 * someone else must not pass as the one who connected.
 */
function trySet(headers: Headers, name: string, value: unknown): void {
  if (isAuthorization(name)) headers.delete(name);
  if (typeof value !== 'string') return;
  try {
    headers.set(name, value);
  } catch {
    // Not a header.
  }
}
