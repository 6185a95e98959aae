import type { CompiledExecute } from '../../execution/compiled-execute.ts';
import type { ServerPlugin } from './server-plugin.ts';

/** What is not compiled is left to the standard executor. Comes before all plugins that watch executions. */
export function createCompiledExecution(executeCompiled: CompiledExecute): ServerPlugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => executeCompiled(args) ?? executeFn(args));
    },
  };
}
