import type { IncomingMessage } from 'node:http';

/**
 * What stands for the headers of an operation on a WebSocket: a browser can't set any on the connection itself, so that
 * clients send them with connection_init, and GraphiQL those of its headers editor with each operation. The latter win.
 */
export function operationHeaders(upgrade: IncomingMessage, connectionParams: unknown, extensions: unknown): Headers {
  const headers = new Headers();
  for (const source of [upgrade.headers, connectionParams, entriesOf(extensions)['headers']]) {
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
