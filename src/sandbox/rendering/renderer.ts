import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RenderJob, WorkerAnswer, WorkerRequest } from './render-job.ts';

export type Renderer = AsyncDisposable & {
  /** Resolves once the file is there, rendering it unless it was rendered before. */
  ensure(path: string, job: RenderJob): Promise<void>;
};

/**
 * Renders in threads, never in the caller's event loop. Each medium has a thread of its own, started at its first
 * job, so that pictures don't wait behind videos.
 */
export function createRenderer(): Renderer {
  const lanes = { image: createLane(), video: createLane(), audio: createLane() };
  const underWay = new Map<string, Promise<void>>();

  async function render(path: string, job: RenderJob): Promise<void> {
    if (await exists(path)) return;
    await mkdir(dirname(path), { recursive: true });
    await lanes[job.media].run(path, job);
  }

  return {
    ensure(path, job) {
      const current = underWay.get(path) ?? render(path, job).finally(() => underWay.delete(path));
      underWay.set(path, current);
      return current;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(Object.values(lanes).map((lane) => lane.stop()));
    },
  };
}

/** One thread at most. If it dies, its jobs fail and the next job starts another. */
function createLane() {
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
