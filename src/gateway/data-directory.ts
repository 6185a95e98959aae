import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { reasonOf } from '../kit/reason-of.ts';
import { lockFile } from '../kit/file-lock.ts';
import type { Logger } from '../kit/logger.ts';

/** A gateway's own folder, held by this process alone until it is disposed of. */
export type DataDirectory = Disposable & {
  /**
   * Names the folder, the same after a restart: what another process did under this name is over, because only one holds
   * the folder at a time. null where the folder can't be held.
   */
  instance: string | null;
};

const cardSchema = z.object({
  instance: z.uuid(),
  /** Of the locked file: a copy of the folder has another, and is not the same instance. */
  inode: z.number(),
  pid: z.number(),
  host: z.string(),
  since: z.string(),
});
type Card = z.infer<typeof cardSchema>;

/**
 * Holds the folder. Rejects, in words for an operator, while another gateway holds it: they would delete each other's
 * `answers.log` and write into one sandbox's journal. Command lines beside a gateway don't hold it.
 */
export async function holdDataDirectory(path: string, logger: Logger): Promise<DataDirectory> {
  const lockPath = join(path, 'gateway.lock');
  const cardPath = join(path, 'gateway.json');
  const unmade = await mkdir(path, { recursive: true }).then(() => null, reasonOf);
  const lock = unmade === null ? await lockFile(lockPath) : ({ state: 'impossible', reason: unmade } as const);
  if (lock.state === 'held') throw new Error(refusal(path, await readCard(cardPath)));
  if (lock.state === 'impossible') {
    const warning =
      'DATA_DIR cannot be locked: make sure that no other gateway uses it, and that it can be written to.';
    logger.warn({ path, reason: lock.reason }, warning);
    return { instance: null, [Symbol.dispose]: () => {} };
  }
  using held = new DisposableStack();
  held.use(lock);
  const instance = await signIn(cardPath, (await stat(lockPath)).ino);
  const kept = held.move();
  return { instance, [Symbol.dispose]: () => kept.dispose() };
}

/** Leaves word of who holds the folder, under the name that it has. */
async function signIn(cardPath: string, inode: number): Promise<string> {
  const before = await readCard(cardPath);
  const instance = before?.inode === inode ? before.instance : randomUUID();
  const card: Card = { instance, inode, pid: process.pid, host: hostname(), since: new Date().toISOString() };
  await writeFile(`${cardPath}.new`, `${JSON.stringify(card)}\n`);
  await rename(`${cardPath}.new`, cardPath);
  return instance;
}

async function readCard(path: string): Promise<Card | null> {
  try {
    return cardSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Not there yet, or cut off by a full disk: the name is lost, and with it a few seconds at the next takeover.
    return null;
  }
}

function refusal(path: string, holder: Card | null): string {
  const who = holder === null ? '' : ` (process ${holder.pid} on ${holder.host}, since ${holder.since})`;
  return (
    `Another gateway${who} uses the folder ${path}. Each gateway needs one of its own, also where they share a database: ` +
    'set another DATA_DIR, or stop the other gateway.'
  );
}
