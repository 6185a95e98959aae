import type { ServerResponse } from 'node:http';

/** Also where it was closed before: nothing would tell of that any more. */
export function onceClosed(response: ServerResponse, act: () => void): void {
  if (response.closed) act();
  else response.once('close', act);
}
