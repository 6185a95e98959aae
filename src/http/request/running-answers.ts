import type { ServerResponse } from 'node:http';

export type RunningAnswers = {
  add(response: ServerResponse): void;
  /** Ends keep-alive, and resolves once all were answered. */
  finish(): Promise<void>;
};

export function createRunningAnswers(): RunningAnswers {
  const running = new Map<ServerResponse, Promise<void>>();
  let finishing = false;
  return {
    add(response) {
      const { promise, resolve } = Promise.withResolvers<void>();
      running.set(response, promise);
      response.once('close', () => {
        running.delete(response);
        resolve();
      });
      if (finishing) response.setHeader('Connection', 'close');
    },
    async finish() {
      finishing = true;
      for (const response of running.keys()) if (!response.headersSent) response.setHeader('Connection', 'close');
      await Promise.all(running.values());
    },
  };
}
