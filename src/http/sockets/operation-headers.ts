import type { IncomingMessage } from 'node:http';

/**
 * What stands for the headers of an operation on a WebSocket: a browser can't set any on the connection itself, so that
 * clients send them with connection_init, by themselves or as `headers`, and GraphiQL those of its headers editor with
 * each operation. The latter win.
 */
export function operationHeaders(upgrade: IncomingMessage, connectionParams: unknown, extensions: unknown): Headers {
  return merged([upgrade.headers, ...sourcesOf(connectionParams), entriesOf(extensions)['headers']]);
}

/** The same for the connection itself. */
export function connectionHeaders(upgrade: IncomingMessage, connectionParams: unknown): Headers {
  return merged([upgrade.headers, ...sourcesOf(connectionParams)]);
}

/** Whether anything there was meant to be credentials, even if it can't be a header. */
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
 * Anything may come as parameters; what can't be a header isn't one. Credentials that can't be one still take the place
 * of those before them: somebody who meant to be another must not be taken for whoever connected.
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
