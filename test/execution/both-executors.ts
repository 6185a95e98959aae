import { setImmediate } from 'node:timers/promises';
import { execute, type ExecutionArgs, type GraphQLSchema } from 'graphql';
import { createCompiledExecute } from '../../src/execution/compiled-execute.ts';

/** Executes operations by graphql's own executor and by the compiled one. */
export function createBothExecutors(schema: GraphQLSchema) {
  const executeCompiled = createCompiledExecute(schema);
  return async (operation: Omit<ExecutionArgs, 'schema' | 'contextValue'>, createContext: () => unknown) => {
    const args = { schema, ...operation };
    const expected = JSON.stringify(await execute({ ...args, contextValue: createContext() }));
    await untilSettled();
    const result = await executeCompiled({ ...args, contextValue: createContext() });
    await untilSettled();
    return { expected, compiled: result && result.stringify(result) };
  };
}

/** For what is still under way after an answer: an unhandled rejection fails the test. */
async function untilSettled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
}
