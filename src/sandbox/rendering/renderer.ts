import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RenderJob, WorkerAnswer, WorkerRequest } from './render-job.ts';

export type Renderer = AsyncDisposable & {
  /** Resolves once the file exists, rendering it if needed. */
  ensure(path: string, job: RenderJob): Promise<void>;
};

/** Renders in threads: one for each medium, started at its first job, so that pictures don't wait behind videos. */
export function createRenderer(): Renderer {
  const threads = { image: createRenderThread(), video: createRenderThread(), audio: createRenderThread() };
  const underWay = new Map<string, Promise<void>>();

  async function render(path: string, job: RenderJob): Promise<void> {
    if (await exists(path)) return;
    await mkdir(dirname(path), { recursive: true });
    await threads[job.media].run(path, job);
  }

  return {
    ensure(path, job) {
      const current = underWay.get(path) ?? render(path, job).finally(() => underWay.delete(path));
      underWay.set(path, current);
      return current;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Object.values(threads).map((thread) => thread.stop()));
    },
  };
}

/** At most one thread. If it dies, its jobs fail and the next job starts another. */
function createRenderThread() {
  let worker: Worker | null = null;
  let nextId = 0;
  const waiting = new Map<number, PromiseWithResolvers<void>>();

  function start(): Worker {
    const started = new Worker(new URL('./render-worker.ts', import.meta.url));
    started.unref();
    started.on('message', ({ id, error }: WorkerAnswer) => {
      const job = waiting.get(id);
      waiting.delete(id);
      if (error === null) job?.resolve();
      else job?.reject(new Error(`Rendering failed: ${error}`));
    });
    started.on('error', (error) => abandon(started, error));
    started.on('exit', () => abandon(started, new Error('The rendering thread ended')));
    return started;
  }

  function abandon(dead: Worker, reason: unknown): void {
    if (worker !== dead) return;
    worker = null;
    for (const job of waiting.values()) job.reject(reason);
    waiting.clear();
  }

  return {
    run(path: string, job: RenderJob): Promise<void> {
      worker ??= start();
      const id = nextId++;
      const settle = Promise.withResolvers<void>();
      waiting.set(id, settle);
      worker.postMessage({ id, job, path } satisfies WorkerRequest);
      return settle.promise;
    },
    async stop() {
      await worker?.terminate();
    },
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
