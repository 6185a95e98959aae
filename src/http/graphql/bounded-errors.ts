import type { ExecutionResult } from 'graphql';
import { GraphQLError } from 'graphql';

/** Enough to mend an operation by; what has more mistakes was generated. */
export const maxErrors = 5;
const maxMessageLength = 300;
const maxLocations = 5;
const maxBytes = 3_000;

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

/** An operation that is TOO_COMPLEX is answered with that error only, once, however many of its fields were refused. */
export function boundResult(result: ExecutionResult): ExecutionResult {
  const { errors } = result;
  if (!errors?.length) return result;
  const refusal = errors.find(({ extensions }) => extensions['code'] === 'TOO_COMPLEX');
  return refusal ? { errors: [withoutPlace(refusal)] } : { ...result, errors: boundErrors(errors) };
}

/** The error is not about the field that exceeded the limit. Without data, it is a 400 as from validation. */
function withoutPlace({ message, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status: 400, spec: true }, ...extensions } });
}
