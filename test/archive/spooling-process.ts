import { openSpool } from '../../src/archive/spool.ts';

/** Writes into the spool for ever, and tells how much as soon as something is on disk. */
const spool = await openSpool(process.argv[2] ?? '');

async function* endless(): AsyncGenerator<Uint8Array> {
  const piece = Buffer.alloc(100_000);
  yield piece;
  process.send?.(piece.length);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield piece;
  }
}

await spool.take(endless());
