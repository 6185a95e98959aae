/**
 * Where results are kept beyond the vendor's 12 hours. A key consists of letters, digits, dots, dashes and slashes; another
 * one is refused (`INVALID_KEY`).
 */
export type ArchiveStore = AsyncDisposable & {
  /** For a person, without secrets. */
  description: string;
  /**
   * Streams into place: afterwards the whole content is there under the key, or nothing is. The same key again replaces, and
   * what was there before is there until then. Rejects with what the content throws, as it is, which breaks the put off;
   * else with an `ArchiveStoreError`, and maybe before the content was begun, which is then the caller's to close.
   */
  put(key: string, content: AsyncIterable<Uint8Array>, about: { contentType: string }): Promise<void>;
  /** Succeeds also when it is not there. */
  remove(key: string): Promise<void>;
  /** Removes what is left of puts whose process has died. It is invisible, but takes room. */
  sweep(): Promise<void>;
  /** A URL that works until then, without authentication; null where the gateway serves the file itself. */
  presign(key: string, options: PresignOptions): Promise<string | null>;
  /** Where the gateway serves the file itself: its path on disk; null otherwise. */
  pathOf(key: string): string | null;
};

export type PresignOptions = {
  /** From when on it works. The same options give the same URL, so that a caller decides how long that stays. */
  at: Date;
  /** At most a week after `at`. */
  expiresAt: Date;
  contentType: string;
  /** The name under which a browser saves it. */
  fileName: string;
  /** Saved rather than shown. */
  asAttachment: boolean;
};

export type ArchiveStoreErrorCode =
  | 'INVALID_KEY'
  | 'UNUSABLE_FOLDER'
  | 'DISK_FULL'
  | 'PUT_FAILED'
  | 'REMOVE_FAILED'
  | 'UNUSABLE_CREDENTIALS'
  | 'PRESIGN_FAILED';

/** A store can't do what it was asked for. The message says what, where, and why; it holds no secret. */
export class ArchiveStoreError extends Error {
  override readonly name = 'ArchiveStoreError';
  readonly code: ArchiveStoreErrorCode;

  constructor(code: ArchiveStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether it may pass: disks are emptied, stores come back, permissions are put right. */
  get retryable(): boolean {
    return this.code !== 'INVALID_KEY';
  }
}
