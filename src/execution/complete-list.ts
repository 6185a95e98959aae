import { GraphQLError, type GraphQLList, type GraphQLOutputType, isNonNullType } from 'graphql';
import type { Complete, CompletePresent } from './complete.ts';
import type { FieldInfo } from './field-info.ts';
import type { FieldPlan } from './field-plan.ts';
import { hearRest, isIterable } from './hear.ts';
import { Parts, type Text } from './parts.ts';
import type { Path } from './run.ts';
import { createSettle } from './settle.ts';

export function createCompleteList(
  { ofType }: GraphQLList<GraphQLOutputType>,
  field: FieldPlan,
  completeItem: Complete,
): CompletePresent {
  const { settle } = createSettle(completeItem, !isNonNullType(ofType), field);

  function createItems(info: FieldInfo, path: Path) {
    const parts = new Parts();
    let count = 0;
    return {
      add(item: unknown): void {
        const itemPath = { prev: path, key: count, typename: undefined };
        parts.add(count === 0 ? '[' : ',', settle(item, info, itemPath));
        count += 1;
      },
      abandon: () => parts.abandon(),
      end: () => (count === 0 ? '[]' : parts.end(']')),
    };
  }

  function writeAll(iterator: Iterator<unknown>, info: FieldInfo, path: Path): string | Promise<string> {
    const items = createItems(info, path);
    try {
      for (let turn = iterator.next(); turn.done !== true; turn = iterator.next()) items.add(turn.value);
    } catch (error) {
      items.abandon();
      hearRest(iterator);
      throw error;
    }
    return items.end();
  }

  async function writeArriving(values: AsyncIterable<unknown>, info: FieldInfo, path: Path): Promise<Text> {
    const items = createItems(info, path);
    try {
      // Leaving the loop tells the iterator to end.
      for await (const value of values) {
        if (info.run.finished) return null;
        items.add(value);
      }
    } catch (error) {
      items.abandon();
      throw error;
    }
    return items.end();
  }

  return (value, info, itemPath) => {
    const path = itemPath ?? info.path;
    if (isAsyncIterable(value)) return writeArriving(value, info, path);
    if (isIterable(value)) return writeAll(value[Symbol.iterator](), info, path);
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${field.coordinate}".`);
  };
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
