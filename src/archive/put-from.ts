import type { ArchiveStoreError } from './archive-store.ts';

type Content = AsyncIterable<Uint8Array>;

/**
 * Lets `write` read the content to its end. What the content throws is thrown on as it is, whatever became of it on its way
 * through libraries; what else goes wrong is the store's, and is explained.
 */
export async function putFrom(
  content: Content,
  write: (content: Content) => Promise<void>,
  explain: (cause: unknown) => ArchiveStoreError,
): Promise<void> {
  const thrown: unknown[] = [];

  async function* observe(): Content {
    let isReading = true;
    try {
      for await (const chunk of content) {
        isReading = false;
        yield chunk;
        isReading = true;
      }
    } catch (error) {
      // A reader that gives up may throw something in here that is not the content's error.
      if (isReading) thrown.push(error);
      throw error;
    }
  }

  try {
    await write(observe());
  } catch (cause) {
    throw thrown.length > 0 ? thrown[0] : explain(cause);
  }
}
