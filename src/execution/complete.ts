import { type GraphQLOutputType, isAbstractType, isLeafType, isListType, isNonNullType } from 'graphql';
import { createCompleteAbstract } from './complete-abstract.ts';
import { createCompleteList } from './complete-list.ts';
import { createCompleteObject } from './complete-object.ts';
import type { FieldInfo } from './field-info.ts';
import type { FieldPlan } from './field-plan.ts';
import { createLeafText } from './leaf-text.ts';
import type { Text, TextOrPromise } from './parts.ts';
import type { Path } from './run.ts';

/**
 * Writes what a resolver gave for a type. Throws or rejects with what is wrong with it. A value in a list has an
 * `itemPath`; any other one's path is its field's.
 */
export type Complete = (value: unknown, info: FieldInfo, itemPath: Path | null) => TextOrPromise;
/** The same for a value that is there. */
export type CompletePresent = (value: unknown, info: FieldInfo, itemPath: Path | null) => string | Promise<Text>;

export function createComplete(type: GraphQLOutputType, field: FieldPlan): Complete {
  const complete = createCompletePresent(isNonNullType(type) ? type.ofType : type, field);
  const isNullable = !isNonNullType(type);
  return (value, info, itemPath) => {
    if (value === null || value === undefined) {
      if (isNullable) return null;
      throw new Error(`Cannot return null for non-nullable field ${field.coordinate}.`);
    }
    if (value instanceof Error) throw value;
    return complete(value, info, itemPath);
  };
}

function createCompletePresent(type: GraphQLOutputType, field: FieldPlan): CompletePresent {
  if (isListType(type)) return createCompleteList(type, field, createComplete(type.ofType, field));
  if (isLeafType(type)) return createLeafText(type);
  if (isAbstractType(type)) return createCompleteAbstract(type, field);
  if (isNonNullType(type)) throw new TypeError('A type is marked as non-null once at most.');
  return createCompleteObject(type, field);
}
