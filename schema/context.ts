import type { Clock } from '../src/clock.ts';
import type { Caller } from '../src/domain/task.ts';
import type { UseCases } from '../src/tasks/use-cases.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** What every resolver is given. */
export type GraphQLContext = { caller: Caller; useCases: UseCases; clock: Clock; loaders: Loaders };

/** Make one for each operation, never one for a whole connection: an operation's cost is measured once per context. */
export function createContext({ caller, useCases, clock }: Omit<GraphQLContext, 'loaders'>): GraphQLContext {
  return { caller, useCases, clock, loaders: createLoaders(caller, useCases) };
}
