import { z } from 'zod';
import { machineMs } from './machine-clock.ts';

export const loadSchema = z.object({ latenciesMs: z.array(z.number()), tookMs: z.number() });

export type Load = z.infer<typeof loadSchema>;

/** So many at a time, each following upon the end of the one before: for some time, or a number of them in all. */
export const extentSchema = z.union([z.object({ forMs: z.number() }), z.object({ count: z.number() })]);

export type Extent = z.infer<typeof extentSchema>;

export async function applyLoad(
  concurrency: number,
  extent: Extent,
  send: (index: number) => Promise<void>,
): Promise<Load> {
  const startedAt = machineMs();
  const latenciesMs: number[] = [];
  let sent = 0;
  const goesOn = (): boolean => ('count' in extent ? sent < extent.count : machineMs() - startedAt < extent.forMs);
  const sendInTurn = async (): Promise<void> => {
    while (goesOn()) {
      const before = machineMs();
      await send(sent++);
      latenciesMs.push(machineMs() - before);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sendInTurn));
  return { latenciesMs, tookMs: machineMs() - startedAt };
}

export function perSecond({ latenciesMs, tookMs }: Load): number {
  return (latenciesMs.length / tookMs) * 1_000;
}
