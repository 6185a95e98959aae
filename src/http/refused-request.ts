import type { OutgoingHttpHeaders } from 'node:http';

type RefusalOptions = {
  code?: string;
  headers?: OutgoingHttpHeaders;
  /** What else the error's extensions tell. */
  extensions?: Record<string, unknown>;
};

/** A request that is answered with an HTTP status of its own before GraphQL has seen it. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly status: number;
  readonly code: string;
  readonly headers: OutgoingHttpHeaders;
  readonly extensions: Record<string, unknown>;

  constructor(status: number, message: string, { code = 'BAD_USER_INPUT', headers, extensions }: RefusalOptions = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers ?? {};
    this.extensions = { ...extensions, code };
  }
}
