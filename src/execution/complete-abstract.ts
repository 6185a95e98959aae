import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  isObjectType,
} from 'graphql';
import type { CompletePresent } from './complete.ts';
import { createCompleteObject } from './complete-object.ts';
import type { FieldInfo } from './field-info.ts';
import type { FieldPlan } from './field-plan.ts';
import { isPromiseLike } from './hear.ts';
import { inspect } from './leaf-text.ts';

/** For an interface or a union: asks for the value's own type, and completes it as that. */
export function createCompleteAbstract(type: GraphQLAbstractType, field: FieldPlan): CompletePresent {
  const resolveType = (type.resolveType ?? defaultTypeResolver).bind(type);
  const remedy = `Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`;
  const known = new Map<unknown, CompletePresent>();

  function completeAs(typeName: unknown, value: unknown, info: FieldInfo): CompletePresent {
    const complete = known.get(typeName);
    if (complete) return complete;
    const created = createCompleteObject(findType(typeName, value, info), field);
    known.set(typeName, created);
    return created;
  }

  function findType(typeName: unknown, value: unknown, { schema }: FieldInfo): GraphQLObjectType {
    const place = `must resolve to an Object type at runtime for field "${field.coordinate}"`;
    if (typeName === null || typeName === undefined) throw mistake(`${place}. ${remedy}`);
    if (typeof typeName !== 'string') {
      const received = `received "${inspect(typeName)}", which is not a valid Object type name`;
      throw mistake(`${place} with value ${inspect(value)}, ${received}.`);
    }
    const found = schema.getType(typeName);
    if (!found) throw mistake(`was resolved to a type "${typeName}" that does not exist inside the schema.`);
    if (!isObjectType(found)) throw mistake(`was resolved to a non-object type "${typeName}".`);
    if (schema.isSubType(type, found)) return found;
    const message = `Runtime Object type "${typeName}" is not a possible type for "${type.name}".`;
    throw new GraphQLError(message, { nodes: field.nodes });
  }

  function mistake(what: string): GraphQLError {
    return new GraphQLError(`Abstract type "${type.name}" ${what}`, { nodes: field.nodes });
  }

  return (value, info, itemPath) => {
    const typeName = resolveType(value, info.run.contextValue, info, type);
    if (!isPromiseLike(typeName)) return completeAs(typeName, value, info)(value, info, itemPath);
    return typeName.then((name) => (info.run.finished ? null : completeAs(name, value, info)(value, info, itemPath)));
  };
}
