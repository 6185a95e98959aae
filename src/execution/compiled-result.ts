import type { ExecutionResult, GraphQLError } from 'graphql';

/** A result whose data is JSON text already. Whoever writes results can ask it for the whole, written. */
export type CompiledResult = ExecutionResult & { stringify(result: object): string };

export function createResult(text: string | null, errors: readonly GraphQLError[]): CompiledResult {
  // For those who don't ask, such as a WebSocket's messages.
  const data = text === null ? null : { toJSON: (): unknown => JSON.parse(text) };
  /** `result` is this one, or what plugins made of it. */
  const stringify = (result: object): string => {
    const members = Object.entries(result).flatMap(([name, value]: [string, unknown]) => {
      const written: string | undefined = value === data && text !== null ? text : JSON.stringify(value);
      return written === undefined ? [] : `${JSON.stringify(name)}:${written}`;
    });
    return `{${members.join(',')}}`;
  };
  return errors.length > 0 ? { errors, data, stringify } : { data, stringify };
}
