import { GraphQLError, type GraphQLObjectType } from 'graphql';
import type { CompletePresent } from './complete.ts';
import type { FieldPlan } from './field-plan.ts';
import { isPromiseLike } from './hear.ts';
import { inspect } from './leaf-text.ts';
import type { ObjectPlan } from './object-plan.ts';

export function createCompleteObject(type: GraphQLObjectType, field: FieldPlan): CompletePresent {
  let selection: ObjectPlan | null = null;
  const write: CompletePresent = (value, info, itemPath) => {
    selection ??= field.planSelection(type);
    return selection.write(value, info.run, itemPath ?? info.path);
  };
  const isTypeOf = type.isTypeOf?.bind(type);
  if (!isTypeOf) return write;

  function check(isOfType: boolean, value: unknown): void {
    if (isOfType) return;
    const message = `Expected value of type "${type.name}" but got: ${inspect(value)}.`;
    throw new GraphQLError(message, { nodes: field.nodes });
  }

  return (value, info, itemPath) => {
    const isOfType = isTypeOf(value, info.run.contextValue, info);
    if (!isPromiseLike(isOfType)) {
      check(isOfType, value);
      return write(value, info, itemPath);
    }
    return isOfType.then((isIt) => {
      if (info.run.finished) return null;
      check(isIt, value);
      return write(value, info, itemPath);
    });
  };
}
