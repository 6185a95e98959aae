import {
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
  locatedError,
  OperationTypeNode,
  type ValidatedSubscriptionArgs,
} from 'graphql';
import { type CompiledResult, createResult } from './compiled-result.ts';
import type { ObjectPlan } from './object-plan.ts';
import type { Dependence } from './dependence.ts';
import { createPlans } from './plans.ts';
import { Run } from './run.ts';

/** Null where another executor is to execute the operation: nothing has been executed then. */
export type CompiledExecute = (args: ExecutionArgs) => CompiledResult | Promise<CompiledResult> | null;

/**
 * Executes queries by plans that write the answer's JSON as they go. A plan is made once for a document, its operation and
 * the values of its @skip and @include. Answers what graphql's own executor does, errors and their order included.
 */
export function createCompiledExecute(schema: GraphQLSchema): CompiledExecute {
  const findPlan = createPlans(schema);
  return (args) => {
    const { document, contextValue, rootValue, variableValues: given, hideSuggestions } = args;
    // What these options change isn't done here.
    if (args.schema !== schema || args.fieldResolver || args.typeResolver || args.abortSignal) return null;
    const operation = getOperationAST(document, args.operationName);
    if (operation?.operation !== OperationTypeNode.QUERY) return null;
    const { variableValues } = getVariableValues(schema, operation.variableDefinitions ?? [], given ?? {});
    const found = variableValues && findPlan(document, operation, variableValues.coerced);
    if (!found) return null;
    const options = { schema, operation, fragments: found.fragments, contextValue, rootValue, variableValues };
    return execute(found.plan, new Run({ ...options, hideSuggestions: hideSuggestions === true }));
  };
}

/** What came of an event, and what that depends on: known once no field is under way, so that a promise says nothing of it. */
export type ExecuteEvent = (event: unknown) => ExecutedEvent | Promise<ExecutionResult>;
export type ExecutedEvent = { result: ExecutionResult; dependence: Dependence };

/** Executes the events of a subscription likewise; null where another executor is to. */
export function createCompiledEvents(schema: GraphQLSchema): (args: ValidatedSubscriptionArgs) => ExecuteEvent | null {
  const findPlan = createPlans(schema);
  return (args) => {
    const { document, operation, contextValue, variableValues, hideSuggestions } = args;
    const found = args.externalAbortSignal ? null : findPlan(document, operation, variableValues.coerced);
    if (!found) return null;
    const { plan, fragments } = found;
    const common = { schema, operation, fragments, contextValue, variableValues, hideSuggestions };
    return (rootValue) => {
      const run = new Run({ ...common, rootValue });
      const result = execute(plan, run);
      return result instanceof Promise ? result : { result, dependence: run.dependence };
    };
  };
}

function execute(plan: ObjectPlan, run: Run): CompiledResult | Promise<CompiledResult> {
  const finish = (text: string | null): CompiledResult => {
    run.finished = true;
    return createResult(text, run.errors);
  };
  const fail = (error: unknown): CompiledResult => {
    run.note(error instanceof GraphQLError ? error : locatedError(error, undefined, undefined), undefined);
    return finish(null);
  };
  try {
    const text = plan.write(run.options.rootValue, run, undefined);
    return typeof text === 'string' ? finish(text) : text.then(finish, fail);
  } catch (error) {
    return fail(error);
  }
}
