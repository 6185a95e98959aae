import { readdir } from 'node:fs/promises';
import { openFileStore } from '../../src/archive/file-store.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { contentOf, megabyte, piecesOf } from './content.ts';

// Run where the folder has room for 1 MiB: puts 3 MB, then 100 kB, and tells what came of it.
const [folder = ''] = process.argv.slice(2);
const about = { contentType: 'video/mp4' };
const store = await openFileStore({ folder, clock: systemClock });
const error: unknown = await store
  .put('large.mp4', piecesOf(contentOf(3 * megabyte)), about)
  .catch((cause: unknown) => cause);
const { code, message } = error instanceof Error && 'code' in error ? error : { code: null, message: String(error) };
const left = await readdir(folder, { recursive: true });
await store.put('small.mp4', piecesOf(contentOf(100_000)), about);
console.log(JSON.stringify({ code, message, left, after: await readdir(folder) }));
