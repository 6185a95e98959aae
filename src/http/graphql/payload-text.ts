import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { textOfResult } from '../../execution/compiled-result.ts';

/** A result as the JSON text that goes into a message of graphql-transport-ws. */
export function payloadText(result: ExecutionResult): string {
  const { data, errors, extensions } = result;
  if (!errors) return textOfResult(result);
  return JSON.stringify({
    ...(data !== undefined && { data }),
    ...(extensions && { extensions }),
    errors: errors.map(withoutInternals),
  });
}

export function withoutInternals(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...formatted } = error.toJSON();
  const { http: _http, unexpected: _unexpected, ...publicExtensions } = extensions ?? {};
  return { ...formatted, extensions: publicExtensions };
}
