import type { ExecutionResult } from 'graphql';
import { GraphQLError } from 'graphql';

/** Enough to mend an operation by. What is told more than that is told of something generated. */
export const maxErrors = 5;
const maxMessageLength = 300;
const maxLocations = 5;
/** Leaves room below 4 kB for what is around them. */
const maxBytes = 3_000;

/** The error with no more in its message than a person reads: many a message repeats what the caller has sent. */
export function shorten(error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions, path, originalError, extensions } = error;
  if (message.length <= maxMessageLength && (error.locations?.length ?? 0) <= maxLocations) return error;
  return new GraphQLError(
    message.length > maxMessageLength ? `${message.slice(0, maxMessageLength).toWellFormed()}…` : message,
    {
      nodes: nodes?.slice(0, maxLocations),
      source,
      positions: positions?.slice(0, maxLocations),
      path,
      originalError,
      extensions,
    },
  );
}

/** The first of the errors, as many as are worth telling. */
export function boundErrors(errors: readonly GraphQLError[]): GraphQLError[] {
  let room = maxBytes;
  return errors
    .slice(0, maxErrors)
    .map(shorten)
    .filter(({ message, path, locations }, index) => {
      room -= Buffer.byteLength(JSON.stringify([message, path, locations]));
      return room >= 0 || index === 0;
    });
}

/** An operation that asks for too much has no answer but that, once, however many of its fields were refused for it. */
export function boundResult<Result extends ExecutionResult>({
  result,
  setResult,
}: {
  result: Result;
  setResult(result: Pick<Result, 'errors'>): void;
}): void {
  const { errors } = result;
  if (!errors) return;
  const refusal = errors.find(({ extensions }) => extensions['code'] === 'TOO_COMPLEX');
  if (refusal) setResult({ errors: [withoutPlace(refusal)] });
  else if (errors.length > 0) setResult({ ...result, errors: boundErrors(errors) });
}

/** It isn't about the field whose turn it was. Without data, it is refused as what validation refuses is. */
function withoutPlace({ message, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status: 400, spec: true }, ...extensions } });
}
