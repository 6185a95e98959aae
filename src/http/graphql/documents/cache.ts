import type { DocumentNode } from 'graphql';

/**
 * Characters of all cached documents. A parsed document takes up to 250 bytes for each, so their length counts and not
 * their number: a thousand of the longest would take gigabytes.
 */
const maxLength = 300_000;

/** The documents that were used last, by their text. Those of a few dozen frontends fit in. */
export function createDocumentCache() {
  const documents = new Map<string, DocumentNode>();
  let length = 0;

  function forget(text: string): void {
    if (documents.delete(text)) length -= text.length;
  }

  return {
    get(text: string): DocumentNode | undefined {
      const document = documents.get(text);
      if (document) {
        documents.delete(text);
        documents.set(text, document);
      }
      return document;
    },
    set(text: string, document: DocumentNode): void {
      forget(text);
      documents.set(text, document);
      length += text.length;
      for (const oldest of documents.keys()) {
        if (length <= maxLength) break;
        forget(oldest);
      }
    },
  };
}
