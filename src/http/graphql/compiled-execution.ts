import type { GraphQLSchema } from 'graphql';
import { createCompiledExecute } from '../../execution/compiled-execute.ts';
import type { ServerPlugin } from './server-plugin.ts';

/** Leaves to the executor that was there what is not compiled. Before all plugins that watch over an execution. */
export function createCompiledExecution(schema: GraphQLSchema): ServerPlugin {
  const executeCompiled = createCompiledExecute(schema);
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => executeCompiled(args) ?? executeFn(args));
    },
  };
}
