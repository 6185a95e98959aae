import type { DocumentNode } from 'graphql';
import { createDocumentCache } from './documents/cache.ts';
import type { ServerPlugin } from './server-plugin.ts';

export type KnownDocuments = {
  /** For Yoga's parser. */
  cache: ReturnType<typeof createDocumentCache>;
  plugin: ServerPlugin;
  /** null for a text that was not found valid, or was forgotten. */
  findValid(text: string): DocumentNode | null;
};

/** The documents that Yoga has found valid: what executes one of them again need not ask it. */
export function createKnownDocuments(): KnownDocuments {
  const cache = createDocumentCache();
  const valid = new WeakSet<DocumentNode>();
  return {
    cache,
    plugin: {
      onValidate:
        ({ params }) =>
        (done) => {
          if (done.valid) valid.add(params.documentAST);
        },
    },
    findValid(text) {
      const document = cache.get(text);
      return document && valid.has(document) ? document : null;
    },
  };
}
