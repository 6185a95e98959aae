import type { GraphQLSchema } from 'graphql';
import { createCompiledExecute } from '../../execution/compiled-execute.ts';
import type { ServerPlugin } from './server-plugin.ts';

/** What is not compiled is left to the standard executor. Comes before all plugins that watch executions. */
export function createCompiledExecution(schema: GraphQLSchema): ServerPlugin {
  const executeCompiled = createCompiledExecute(schema);
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => executeCompiled(args) ?? executeFn(args));
    },
  };
}
