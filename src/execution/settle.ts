import type { Complete } from './complete.ts';
import type { FieldInfo } from './field-info.ts';
import type { FieldPlan } from './field-plan.ts';
import { hear, isPromiseLike } from './hear.ts';
import type { Text } from './parts.ts';
import type { Path } from './run.ts';

/**
 * Completes a field's value, or an item's, which may come later. One that fails becomes null where it may be null; else what
 * is around it fails.
 */
export function createSettle(complete: Complete, isNullable: boolean, { nodes }: Pick<FieldPlan, 'nodes'>) {
  function fail(error: unknown, info: FieldInfo, itemPath: Path | null): null {
    return info.run.fail(error, isNullable, nodes, itemPath ?? info.path);
  }

  async function settleLater(value: PromiseLike<unknown>, info: FieldInfo, itemPath: Path | null): Promise<Text> {
    try {
      const arrived = await value;
      if (info.run.finished) return hear(arrived);
      const text = complete(arrived, info, itemPath);
      return text instanceof Promise ? await text : text;
    } catch (error) {
      return fail(error, info, itemPath);
    }
  }

  const settle: Complete = (value, info, itemPath) => {
    if (isPromiseLike(value)) return settleLater(value, info, itemPath);
    try {
      const text = complete(value, info, itemPath);
      return text instanceof Promise ? text.then(undefined, (error: unknown) => fail(error, info, itemPath)) : text;
    } catch (error) {
      return fail(error, info, itemPath);
    }
  };
  return { settle, fail };
}
