import type { ArchiveStoreError } from './archive-store.ts';

type Content = AsyncIterable<Uint8Array>;

/** Rejects with the content's own error, even if a library wrapped it on the way; else with the store's, explained. */
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
      // While suspended at `yield`, a reader that gives up may throw in here: that is not the content's error.
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
