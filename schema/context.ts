import type { Clock } from '../src/kit/clock.ts';
import type { CallerUseCases } from '../src/tasks/owner-scoped-use-cases.ts';
import { createLoaders, type Loaders } from './loaders.ts';

/** A resolver can do only what its caller may do. */
export type GraphQLContext = { useCases: CallerUseCases; clock: Clock; loaders: Loaders };

/** Make one for each operation, never one for a whole connection: an operation's cost is measured once per context. */
export function createContext({ useCases, clock }: Omit<GraphQLContext, 'loaders'>): GraphQLContext {
  return { useCases, clock, loaders: createLoaders(useCases) };
}
