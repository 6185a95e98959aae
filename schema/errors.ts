import { GraphQLError, type GraphQLErrorExtensions, Kind } from 'graphql';
import {
  RefetchRequiredError,
  RefusalForNow,
  TaskNotFoundError,
  TemporarilyUnavailableError,
  TooManyAtOnceError,
} from '../src/domain/errors.ts';

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

export const errorCodes = [...callerCodes, 'INTERNAL_SERVER_ERROR'] as const;

/** What an error may reveal beside its code. `http` is for the server, which doesn't send it. */
const publicExtensions = new Set(['code', 'http', 'limit', 'actual', 'allowed', 'retryAfterSeconds']);

/**
 * Masks an error for Yoga's `maskedErrors.maskError`, always with an `extensions.code`: the caller's mistakes as they are
 * (the same object, if nothing has to be removed), everything unexpected behind one neutral message. Only errors that it
 * turns into INTERNAL_SERVER_ERROR are worth logging.
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
  return rebuild(located, cause instanceof Error ? (located ?? cause).message : '', code, retryAfterOf(cause));
}

/** Over HTTP also as a header. */
function retryAfterOf(cause: unknown): GraphQLErrorExtensions {
  if (!(cause instanceof RefusalForNow)) return {};
  const { retryAfterSeconds } = cause;
  return { retryAfterSeconds, http: { headers: { 'Retry-After': String(retryAfterSeconds) } } };
}

function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** Errors of the domain that are not in a mutation's union. All others are unexpected. */
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
  // Yoga's codes for a request it can't use, such as BAD_REQUEST.
  if (code !== undefined) return code === 'INTERNAL_SERVER_ERROR' ? null : 'BAD_USER_INPUT';
  // Thrown while a field was executed: about the document's arguments if it points there, else about one of our values.
  if (error.path) return cause !== error && cause.nodes ? 'BAD_USER_INPUT' : null;
  if (!error.nodes) return error.source ? 'GRAPHQL_PARSE_FAILED' : 'BAD_USER_INPUT';
  // Errors of a variable's value point at its definition. So do those of unused variables, but these have their code from
  // Yoga's validation already.
  const isAboutVariables = error.nodes.every((node) => node.kind === Kind.VARIABLE_DEFINITION);
  return isAboutVariables ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
}

/** Keeps the place in the document; drops the original error and all else that it carries. */
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
