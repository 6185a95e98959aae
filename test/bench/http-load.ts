import { z } from 'zod';
import { startChild } from './child.ts';
import { extentSchema, loadSchema, type Extent, type Load } from './load.ts';

export const commandSchema = z.object({ bodies: z.array(z.string()), extent: extentSchema });

export type HttpLoad = Disposable & {
  /** Posts the bodies in turn. Rejects when an answer is not the one that was hoped for. */
  post(bodies: readonly string[], extent: Extent): Promise<Load>;
};

/** GraphQL over HTTP on so many connections, from a process of its own. */
export function startHttpLoad(url: string, concurrency: number, headers: Record<string, string> = {}): HttpLoad {
  const commandLine = [url, String(concurrency), JSON.stringify(headers)];
  const child = startChild(new URL('http-load-process.ts', import.meta.url), commandLine);
  return {
    post: async (bodies, extent) => loadSchema.parse(await child.call({ bodies, extent })),
    [Symbol.dispose]: child[Symbol.dispose],
  };
}
