import { GraphQLError, type GraphQLErrorExtensions, Kind } from 'graphql';
import {
  RefetchRequiredError,
  TaskNotFoundError,
  TemporarilyUnavailableError,
  TooManyAtOnceError,
} from '../src/domain/errors.ts';

/** What the caller can do something about. */
const callerCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'RATE_LIMITED',
  'TOO_COMPLEX',
  'REFETCH_REQUIRED',
  'SERVICE_UNAVAILABLE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
] as const;
type CallerCode = (typeof callerCodes)[number];

/** Every `extensions.code` there is. */
export const errorCodes = [...callerCodes, 'INTERNAL_SERVER_ERROR'] as const;

/** What an error may tell beside its code. `http` is status and headers for the server, which doesn't send it. */
const publicExtensions = new Set(['code', 'http', 'limit', 'actual', 'allowed', 'retryAfterSeconds']);

/**
 * What leaves the server of an error, always with an `extensions.code`: the caller's mistakes as they are (the same
 * object, if nothing had to be taken away), everything unexpected behind one neutral message. Fits Yoga's
 * `maskedErrors.maskError`; what it answers INTERNAL_SERVER_ERROR for is what is worth a line in the log.
 */
export function maskError(error: unknown): GraphQLError {
  const cause = rootCause(error);
  const located = error instanceof GraphQLError ? error : undefined;
  const code = located && cause instanceof GraphQLError ? callerCodeOf(located, cause) : domainCodeOf(cause);
  if (code === null)
    return rebuild(located, 'Something went wrong here. It was not your mistake.', 'INTERNAL_SERVER_ERROR');
  if (located?.extensions.code === code && Object.keys(located.extensions).every((key) => publicExtensions.has(key))) {
    return located;
  }
  return rebuild(located, cause instanceof Error ? (located ?? cause).message : '', code, patienceOf(cause));
}

/** When to try again: over HTTP as a header, too. */
function patienceOf(cause: unknown): GraphQLErrorExtensions {
  if (!(cause instanceof TemporarilyUnavailableError || cause instanceof TooManyAtOnceError)) return {};
  const { retryAfterSeconds } = cause;
  return { retryAfterSeconds, http: { headers: { 'Retry-After': String(retryAfterSeconds) } } };
}

function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** The errors of the domain that are no member of a mutation's union. All others are unexpected. */
function domainCodeOf(cause: unknown): CallerCode | null {
  if (cause instanceof TaskNotFoundError) return 'NOT_FOUND';
  if (cause instanceof RefetchRequiredError) return 'REFETCH_REQUIRED';
  if (cause instanceof TemporarilyUnavailableError) return 'SERVICE_UNAVAILABLE';
  if (cause instanceof TooManyAtOnceError) return 'RATE_LIMITED';
  return null;
}

function callerCodeOf(error: GraphQLError, cause: GraphQLError): CallerCode | null {
  const { code } = error.extensions;
  const known = callerCodes.find((callerCode) => callerCode === code);
  if (known) return known;
  // The server's own words for a request it can't use, such as BAD_REQUEST.
  if (code !== undefined) return code === 'INTERNAL_SERVER_ERROR' ? null : 'BAD_USER_INPUT';
  // Thrown while a field was executed: about the document's arguments if it points there, else about a value of ours.
  if (error.path) return cause !== error && cause.nodes ? 'BAD_USER_INPUT' : null;
  if (!error.nodes) return error.source ? 'GRAPHQL_PARSE_FAILED' : 'BAD_USER_INPUT';
  // A variable's value is complained about at the variable's definition. An unused variable is, too, but validation's
  // errors have got their code from Yoga before they come here.
  const isAboutVariables = error.nodes.every((node) => node.kind === Kind.VARIABLE_DEFINITION);
  return isAboutVariables ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
}

/** Where it happened is the caller's to know; the original error and what else it carries is not. */
function rebuild(
  located: GraphQLError | undefined,
  message: string,
  code: (typeof errorCodes)[number],
  more: GraphQLErrorExtensions = {},
): GraphQLError {
  const extensions = Object.entries(located?.extensions ?? {}).filter(([key]) => publicExtensions.has(key));
  return new GraphQLError(message, {
    nodes: located?.nodes,
    source: located?.source,
    positions: located?.positions,
    path: located?.path,
    extensions: { ...Object.fromEntries(extensions), ...more, code },
  });
}
