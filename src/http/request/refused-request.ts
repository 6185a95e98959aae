import { GraphQLError } from 'graphql';

type RefusalOptions = {
  code?: string;
  headers?: Record<string, string>;
  /** What else the error's extensions tell. */
  extensions?: Record<string, unknown>;
  remedy?: string;
};

/** A request that is answered with an HTTP status of its own before GraphQL has seen it. */
export class RefusedRequest extends Error {
  override readonly name = 'RefusedRequest';
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  readonly extensions: Record<string, unknown>;
  /** For the log: what an operator may set, where the caller has done nothing wrong. */
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

/** Nothing was done: the same may be sent again after so many seconds. */
export function unavailable(message: string, seconds: number, headers: Record<string, string> = {}): RefusedRequest {
  return new RefusedRequest(503, message, { code: 'SERVICE_UNAVAILABLE', ...inSeconds(seconds, headers) });
}

/** Nothing was executed: a client may send the same to another replica, or again in a moment. */
export function shuttingDown(): RefusedRequest {
  return unavailable('The server is shutting down. Nothing was executed: send it again.', 1, { Connection: 'close' });
}

/** Too much at once: there may be room again after so many seconds. */
export function rateLimited(message: string, seconds: number): RefusedRequest {
  return new RefusedRequest(429, message, { code: 'RATE_LIMITED', ...inSeconds(seconds) });
}

/** What nobody expected, and nobody is told: the log has it. */
export function unexpected(): RefusedRequest {
  return new RefusedRequest(500, 'Unexpected error.', { code: 'INTERNAL_SERVER_ERROR' });
}

/** The same for what GraphQL answers. The status and the headers are for Yoga, and leave with HTTP only. */
export function asGraphQLError({ status, message, headers, extensions }: RefusedRequest): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, http: { status, headers } } });
}

/** Over WebSocket there is no header. */
function inSeconds(seconds: number, headers: Record<string, string> = {}): RefusalOptions {
  return { headers: { ...headers, 'Retry-After': String(seconds) }, extensions: { retryAfterSeconds: seconds } };
}
