import type { ExecutionResult, GraphQLError } from 'graphql';

/** A result whose data is JSON text already. `stringify` writes the whole answer. */
export type CompiledResult = ExecutionResult & { stringify(result: object): string };

export function isCompiled(result: ExecutionResult): result is CompiledResult {
  return 'stringify' in result;
}

/** The whole answer as JSON text. */
export function textOfResult(result: ExecutionResult): string {
  return isCompiled(result) ? result.stringify(result) : JSON.stringify(result);
}

export function createResult(text: string | null, errors: readonly GraphQLError[]): CompiledResult {
  // For serializers that don't call it, such as a WebSocket's.
  const data = text === null ? null : { toJSON: (): unknown => JSON.parse(text) };
  /** `result` is this one, or what plugins made of it. */
  const stringify = (result: object): string => {
    if (result === plain) return `{"data":${text}}`;
    const members = Object.entries(result).flatMap(([name, value]: [string, unknown]) => {
      const written: string | undefined = value === data && text !== null ? text : JSON.stringify(value);
      return written === undefined ? [] : `${JSON.stringify(name)}:${written}`;
    });
    return `{${members.join(',')}}`;
  };
  const plain = { data, stringify };
  return errors.length > 0 ? { errors, data, stringify } : plain;
}
