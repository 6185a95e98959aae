import { createCipheriv, createHash } from 'node:crypto';

export const megabyte = 1_000_000;

/** Bytes that differ from place to place, so that what is lost, doubled or swapped shows. The same seed gives the same ones. */
export function contentOf(size: number, seed = 'content'): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** In pieces, as they come from a network. */
export async function* piecesOf(content: Buffer, pieceSize = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += pieceSize) yield content.subarray(start, start + pieceSize);
}
