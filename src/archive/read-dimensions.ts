import { Worker } from 'node:worker_threads';
import type { Clock } from '../kit/clock.ts';
import { createTimeLimit } from '../kit/time-limit.ts';
import { none, type Dimensions, type DimensionsJob } from './dimensions-job.ts';
import type { SpooledFile } from './spool.ts';

// The first file takes a fifth of a second, most of it for the thread's start.
const limitMs = 10_000;
const heapMb = 128;

// Beyond any real file; these come from files that anyone may have written.
const maxPixels = 100_000;
const shortestS = 0.001;
const longestS = 7 * 24 * 3600;

export type DimensionsReader = AsyncDisposable & {
  /** null for what the file doesn't say, or says in a way that is not understood. */
  read(file: Pick<SpooledFile, 'descriptor' | 'byteSize'>, contentType: string): Promise<Dimensions>;
};

// A thread of its own, with little time and memory: no file can hold up the gateway. It is started again after a file that it
// did not survive.
export function createDimensionsReader(clock: Clock): DimensionsReader {
  let thread: Worker | null = null;
  let answer: (dimensions: Dimensions) => void = () => {};
  let last: Promise<unknown> = Promise.resolve();

  function startThread(): Worker {
    const worker = new Worker(new URL('./dimensions-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    worker.on('message', (dimensions: Dimensions) => answer(dimensions));
    worker.on('error', () => {}); // Its exit follows.
    worker.on('exit', () => {
      if (thread === worker) thread = null;
      answer(none);
    });
    return worker;
  }

  async function readInThread(job: DimensionsJob): Promise<Dimensions> {
    using limit = createTimeLimit(clock, limitMs);
    const answered = new Promise<Dimensions>((resolve) => (answer = resolve));
    thread ??= startThread();
    thread.postMessage(job);
    const dimensions = await Promise.race([answered, limit.passed]);
    // It must stop before the caller closes the file, because it reads from the same descriptor.
    if (dimensions === undefined) await thread?.terminate();
    return dimensions ?? none;
  }

  return {
    async read({ descriptor, byteSize }, contentType) {
      const reading = last.then(() => readInThread({ descriptor, byteSize, contentType }));
      last = reading;
      return plausible(await reading);
    },
    async [Symbol.asyncDispose]() {
      await last;
      await thread?.terminate();
    },
  };
}

function plausible({ width, height, duration }: Dimensions): Dimensions {
  const isSize = isWithin(width, 1, maxPixels) && isWithin(height, 1, maxPixels);
  return {
    width: isSize ? Math.round(Number(width)) : null,
    height: isSize ? Math.round(Number(height)) : null,
    duration: isWithin(duration, shortestS, longestS) ? Math.round(Number(duration) * 1000) / 1000 : null,
  };
}

function isWithin(value: number | null, lowest: number, highest: number): boolean {
  return value !== null && value >= lowest && value <= highest;
}
