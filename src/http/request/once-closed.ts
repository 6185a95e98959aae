import type { ServerResponse } from 'node:http';

/** Also calls `act` if the response was closed before. */
export function onceClosed(response: ServerResponse, act: () => void): void {
  if (response.closed) act();
  else response.once('close', act);
}
