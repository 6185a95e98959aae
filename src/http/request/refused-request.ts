import { GraphQLError } from 'graphql';

type RefusalOptions = {
  code?: string;
  headers?: Record<string, string>;
  extensions?: Record<string, unknown>;
  remedy?: string;
};

/** A request that is answered with an HTTP status of its own, without GraphQL. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly extensions: Record<string, unknown>;
  /** For the log: what an operator may configure. null where the mistake is the caller's. */
  readonly remedy: string | null;

  constructor(status: number, message: string, options: RefusalOptions = {}) {
    const { code = 'BAD_USER_INPUT', headers, extensions, remedy = null } = options;
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers ?? {};
    this.extensions = { ...extensions, code };
    this.remedy = remedy;
  }
}

export function unavailable(message: string, seconds: number, headers: Record<string, string> = {}): RefusedRequest {
  return new RefusedRequest(503, message, { code: 'SERVICE_UNAVAILABLE', ...inSeconds(seconds, headers) });
}

export function shuttingDown(): RefusedRequest {
  return unavailable('The server is shutting down. Nothing was executed: send it again.', 1, { Connection: 'close' });
}

export function rateLimited(message: string, seconds: number): RefusedRequest {
  return new RefusedRequest(429, message, { code: 'RATE_LIMITED', ...inSeconds(seconds) });
}

export function unexpected(): RefusedRequest {
  return new RefusedRequest(500, 'Unexpected error.', { code: 'INTERNAL_SERVER_ERROR' });
}

/** Yoga applies the status and the headers to an HTTP response. */
export function asGraphQLError({ status, message, headers, extensions }: RefusedRequest): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, http: { status, headers } } });
}

/** Also as an extension: a WebSocket has no headers. */
function inSeconds(seconds: number, headers: Record<string, string> = {}): RefusalOptions {
  return { headers: { ...headers, 'Retry-After': String(seconds) }, extensions: { retryAfterSeconds: seconds } };
}
