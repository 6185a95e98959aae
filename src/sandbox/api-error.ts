/** A refusal in the vendor's words, sent with HTTP 200 as the vendor does. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function missingParameter(parameter: string): ApiError {
  return new ApiError('MissingParameter', `The request is missing a required parameter \`${parameter}\`.`);
}
