/** Where results are kept beyond the vendor's 12 hours. */
export type ArchiveStore = AsyncDisposable & {
  /** For logs, without secrets. */
  description: string;
  /**
   * Afterwards the whole content is there under the key, or nothing has changed. Rejects with whatever the content throws,
   * unchanged, else with an `ArchiveStoreError`; the caller closes content that was not begun.
   */
  put(key: string, content: AsyncIterable<Uint8Array>, about: { contentType: string }): Promise<void>;
  /** Succeeds also when it is not there. */
  remove(key: string): Promise<void>;
  /** Removes what is left of puts whose process has died: it is invisible, but takes room. */
  sweep(): Promise<void>;
  /** A URL that needs no authentication; null where the gateway serves the file itself. */
  presign(key: string, options: PresignOptions): Promise<string | null>;
  /** The path on disk where the gateway serves the file itself; null otherwise. */
  pathOf(key: string): string | null;
};

export type PresignOptions = {
  /** When it begins to work. The same options give the same URL. */
  at: Date;
  /** At most a week after `at`. */
  expiresAt: Date;
  contentType: string;
  fileName: string;
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

/** The message holds no secret. */
export class ArchiveStoreError extends Error {
  override readonly name = 'ArchiveStoreError';
  readonly code: ArchiveStoreErrorCode;

  constructor(code: ArchiveStoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Disks are emptied, stores come back, permissions are put right. */
  get retryable(): boolean {
    return this.code !== 'INVALID_KEY';
  }
}
