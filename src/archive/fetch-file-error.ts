export type FetchFileErrorCode =
  | 'BAD_STATUS'
  | 'BAD_REDIRECT'
  /** Neither a length nor chunks: a whole file looks like one that was cut off. */
  | 'UNKNOWN_LENGTH'
  | 'TOO_LARGE'
  | 'WRONG_TYPE';

/** An answer came, but not the file. The message may be shown to the task's owner. */
export class FetchFileError extends Error {
  override readonly name = 'FetchFileError';
  readonly code: FetchFileErrorCode;
  /** A server in trouble may answer with anything, also 404 or a page: only a file that is too large stays so. */
  readonly retryable: boolean;

  constructor(code: FetchFileErrorCode, message: string) {
    super(message);
    this.code = code;
    this.retryable = code !== 'TOO_LARGE';
  }
}
