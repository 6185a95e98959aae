import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  executeSubscriptionEvent,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type ValidatedSubscriptionArgs,
  validateSubscriptionArgs,
} from 'graphql';
import type { Caller } from '../../domain/task/task.ts';
import { createCompiledEvents, type ExecuteEvent } from '../../execution/compiled-execute.ts';
import type { Identity } from '../authentication/authentication.ts';
import type { DocumentLimits } from './document-limits.ts';
import { SharedEvents } from './shared-events.ts';

/** A subscription that was checked, and may begin as often as it is asked for: each time with `release` at its end. */
export type LiveOperation<Answer> = {
  args: ValidatedSubscriptionArgs;
  events: SharedEvents<Answer>;
  release(): void;
};

/** The document is known to be valid. */
export type SubscriptionRequest = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'> & {
  identity: Identity;
};

export type LiveOperationsOptions = {
  schema: GraphQLSchema;
  contextFor(caller: Caller): object;
  limits: DocumentLimits;
  /** `standard` executes each event for each subscription. */
  executor: 'compiled' | 'standard';
  now(): number;
};

export function createLiveOperations(options: LiveOperationsOptions) {
  const { schema, contextFor, limits, now } = options;
  const compile = options.executor === 'compiled' ? createCompiledEvents(schema) : () => null;

  /** The variables are checked already. */
  function prepareChecked<Answer>(
    given: ExecutionArgs,
    finish: (result: ExecutionResult) => Answer,
  ): LiveOperation<Answer> | ExecutionResult {
    const args = validateSubscriptionArgs(given);
    if (!('schema' in args)) return { errors: args.map(asCallersMistake) };
    const events = new SharedEvents({ execute: compile(args) ?? executeEach(args), finish, now });
    return { args, events, release: () => {} };
  }

  return {
    prepare: <Answer>(given: ExecutionArgs, finish: (result: ExecutionResult) => Answer) =>
      limits.refusalOf(given) ?? prepareChecked(given, finish),

    /** Those of one credential that are equal in all else are one, with one context, for as long as one of them runs. */
    createShared<Answer>(finish: (result: ExecutionResult) => Answer) {
      const operations = new WeakMap<DocumentNode, Map<string, LiveOperation<Answer>>>();
      return ({ identity, ...request }: SubscriptionRequest): LiveOperation<Answer> | ExecutionResult => {
        const refusal = limits.refusalOf({ schema, ...request });
        if (refusal) return refusal;
        const ofDocument = operations.get(request.document) ?? new Map<string, LiveOperation<Answer>>();
        operations.set(request.document, ofDocument);
        const key = keyOf(identity, request);
        const known = ofDocument.get(key);
        const found =
          known ?? prepareChecked({ schema, ...request, contextValue: contextFor(identity.caller) }, finish);
        if (!('events' in found)) return found;
        if (!known) {
          found.release = () => {
            found.events.readers -= 1;
            if (found.events.readers === 0) ofDocument.delete(key);
          };
          ofDocument.set(key, found);
        }
        found.events.readers += 1;
        return found;
      };
    },
  };
}

/** Of the variables that are declared: their values were checked, so that they nest no deeper than the schema's inputs. */
function keyOf(
  { credential, caller }: Identity,
  { document, operationName, variableValues }: Omit<SubscriptionRequest, 'identity'>,
): string {
  const declared = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const values = declared.map(({ variable: { name } }) => [name.value, variableValues?.[name.value]]);
  return JSON.stringify([credential, caller, operationName, Object.fromEntries(values)]);
}

function executeEach(args: ValidatedSubscriptionArgs): ExecuteEvent {
  return (rootValue) => {
    const result = executeSubscriptionEvent({ ...args, rootValue });
    return result instanceof Promise ? result : { result, dependence: 'request' };
  };
}

/** Of an operation's name or its variables. Without data, it is a 400 as from validation. */
function asCallersMistake({ message, nodes }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
}
