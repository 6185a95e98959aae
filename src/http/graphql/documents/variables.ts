import { type ExecutionArgs, getOperationAST, getVariableValues, GraphQLError } from 'graphql';
import { maxErrors } from '../bounded-errors.ts';
import { excessOf } from './bounds.ts';

/**
 * Errors in the values of an operation's variables. The executor would collect fifty, each with the whole input in its
 * message: seconds for an input with thousands of wrong fields.
 */
export function variableErrors(
  { schema, document, operationName, variableValues }: ExecutionArgs,
  options: { hideSuggestions: boolean },
): readonly GraphQLError[] {
  const values = variableValues ?? {};
  const tooMany = excessOfValues(values);
  if (tooMany) return [tooMany];
  const { variableDefinitions: definitions = [] } = getOperationAST(document, operationName) ?? {};
  const { errors = [] } = getVariableValues(schema, definitions, values, { ...options, maxErrors });
  const extensions = { code: 'BAD_USER_INPUT', http: { status: 400 } };
  return errors.map(({ message, nodes }) => new GraphQLError(message, { nodes, extensions }));
}

/** Not recursive: JSON may nest deeper than the stack. */
function excessOfValues(variables: object): GraphQLError | null {
  const open = [variables];
  let count = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const values: unknown[] = Object.values(next);
    count += values.length;
    const excess = excessOf('values', count);
    if (excess) return excess;
    for (const value of values) if (typeof value === 'object' && value !== null) open.push(value);
  }
  return null;
}
