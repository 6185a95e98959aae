import { graphql, type ExecutionResult } from 'graphql';
import { createContext } from '../../schema/context.ts';
import { schema } from '../../schema/index.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { scopeToOwner } from '../../src/tasks/owner-scoped-use-cases.ts';
import type { UseCases } from '../../src/tasks/use-cases.ts';
import { createManualClock } from '../support/manual-clock.ts';

export const now = new Date('2026-07-01T18:00:00Z');

export function contextOver(useCases: UseCases) {
  const bound = scopeToOwner({ owner: 'alice' }, useCases, silentLogger);
  return createContext({ useCases: bound, clock: createManualClock(now.getTime()) });
}

/** Runs one operation of alice's. */
export function ask(
  useCases: UseCases,
  source: string,
  variableValues: Record<string, unknown> = {},
): Promise<ExecutionResult> {
  return graphql({ schema, source, variableValues, contextValue: contextOver(useCases) });
}

/** The messages and codes of a result's errors: what a client can see of them. */
export function errorsOf({ errors = [] }: ExecutionResult) {
  return errors.map(({ message, extensions }) => ({ message, code: extensions['code'] }));
}
