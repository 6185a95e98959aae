import type { ServerResponse } from 'node:http';
import { type ExecutionResult, getOperationAST, type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { Caller } from '../../domain/task/task.ts';
import type { CompiledExecute } from '../../execution/compiled-execute.ts';
import type { Identity } from '../authentication/authentication.ts';
import { onceClosed } from '../request/once-closed.ts';
import type { DocumentLimits } from './document-limits.ts';
import { finishResult, type MaskError } from './error-masking.ts';
import type { GraphQLParameters } from './graphql-parameters.ts';
import type { KnownDocuments } from './known-documents.ts';
import type { RunningOperations } from './running-operations.ts';

export type KnownQueries = {
  /** Null for what Yoga is to execute: nothing has been executed then. */
  execute(
    parameters: GraphQLParameters,
    by: { identity: Identity; response: ServerResponse },
  ): Promise<ExecutionResult | null>;
};

export type KnownQueriesOptions = {
  schema: GraphQLSchema;
  documents: KnownDocuments;
  executeCompiled: CompiledExecute;
  limits: DocumentLimits;
  running: RunningOperations;
  contextFor(caller: Caller): object;
  maskError: MaskError;
};

/**
 * Executes queries whose document Yoga has found valid before, with the same limits and the same errors, and without its
 * hooks and its Request, which take longer than most queries.
 */
export function createKnownQueries(options: KnownQueriesOptions): KnownQueries {
  const { schema, documents, executeCompiled, limits, running, contextFor, maskError } = options;

  return {
    async execute({ query, operationName, variables }, { identity, response }) {
      const document = documents.findValid(query);
      if (!document) return null;
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return null;
      const contextValue = contextFor(identity.caller);
      const args = { schema, document, operationName, variableValues: variables, contextValue };
      const by = { identity, signal: () => closeSignal(response) };
      const result = await running.bound(args, by, () => limits.refusalOf(args) ?? executeCompiled(args));
      return result && finishResult(result, maskError);
    },
  };
}

function closeSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  onceClosed(response, () => controller.abort());
  return controller.signal;
}
