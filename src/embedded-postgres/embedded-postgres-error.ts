export type EmbeddedPostgresErrorCode =
  | 'UNSUPPORTED_PLATFORM'
  | 'WRONG_MAJOR'
  | 'NOT_A_DATA_FOLDER'
  | 'NO_ACCOUNT'
  | 'NOT_REACHABLE'
  | 'UNSAFE_SOCKET_FOLDER'
  | 'INITDB_FAILED'
  | 'START_FAILED'
  | 'NOT_ANSWERING';

/** The embedded server can't run here. The message says why and what to do; a retry changes nothing. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;
  readonly retryable = false;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
