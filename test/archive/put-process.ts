import { setInterval } from 'node:timers';
import { piecesOf, contentOf, megabyte } from './content.ts';
import { contentType, openStore } from './open-stores.ts';

// Puts 12 MB of a file that never comes to its end. Its parent ends it.
const [address = '', key = ''] = process.argv.slice(2);

async function* endless(): AsyncGenerator<Uint8Array> {
  yield* piecesOf(contentOf(12 * megabyte, 'half'));
  setInterval(() => {}, 1_000);
  await new Promise(() => {});
}

const store = await openStore(JSON.parse(address));
await store.put(key, endless(), { contentType });
