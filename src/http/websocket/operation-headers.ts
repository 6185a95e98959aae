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
      ([name, value]) => name.toLowerCase() === 'authorization' && typeof value === 'string' && value !== '',
    ),
  );
}

function sourcesOf(connectionParams: unknown): unknown[] {
  return [connectionParams, entriesOf(connectionParams)['headers']];
}

function merged(sources: unknown[]): Headers {
  const headers = new Headers();
  for (const source of sources) {
    for (const [name, value] of Object.entries(entriesOf(source))) {
      if (typeof value === 'string') trySet(headers, name, value);
    }
  }
  return headers;
}

function entriesOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Connection parameters may hold anything; what can't be a header isn't one. */
function trySet(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    // Not a header.
  }
}
