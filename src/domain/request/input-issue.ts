export const inputIssueCodes = [
  'REQUIRED',
  'TOO_LONG',
  'TOO_MANY',
  'OUT_OF_RANGE',
  'NOT_ALLOWED',
  'NOT_A_URL',
  'PRIVATE_ADDRESS',
  'UNSUPPORTED_BY_MODEL',
  'MALFORMED',
] as const;
export type InputIssueCode = (typeof inputIssueCodes)[number];

/** `path` leads to the value, from within `input`; list indexes are strings. */
export type InputIssue = { path: string[]; code: InputIssueCode; message: string };
