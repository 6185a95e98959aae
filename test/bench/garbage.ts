import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  z.function().parse(runInNewContext('gc'))();
}

/** Bytes, after what can be collected was. */
export function liveHeap(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
