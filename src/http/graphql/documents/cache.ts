import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/**
 * Characters of all cached documents. A parsed document takes up to 250 bytes for each, so their length counts and not
 * their number: a thousand of the longest would take gigabytes.
 */
const maxLength = 300_000;

/** The documents that were used last, by their text. Those of a few dozen frontends fit in. */
export function createDocumentCache() {
  return new LRUCache<string, DocumentNode>({
    maxSize: maxLength,
    sizeCalculation: (_document, text) => Math.max(text.length, 1),
  });
}
