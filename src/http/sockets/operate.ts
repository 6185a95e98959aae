import { type DocumentNode, type ExecutionResult, getOperationAST, GraphQLError, OperationTypeNode } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Credentials, Identity } from '../authentication/authentication.ts';
import type { MaskError } from '../graphql/error-masking.ts';
import { LiveResults } from '../graphql/live-results.ts';
import { payloadText } from '../graphql/payload-text.ts';
import type { Pipeline } from '../graphql/pipeline.ts';
import type { Admission } from '../request/admission.ts';
import { asGraphQLError, RefusedRequest } from '../request/refused-request.ts';
import { completeMessage, errorMessage, nextMessage } from './messages.ts';
import type { Operation } from './socket-operations.ts';

/** What an operation has of its socket. */
export type OperatingSocket = {
  credentialsOf(extensions: unknown): Credentials;
  /** Throws a RefusedRequest. Returns what lets go of the identity again. */
  operateAs(identity: Identity): () => void;
  send(message: string): Promise<void>;
};

/** Runs one operation, and tells of it. Settles with it. */
export type Operate = (operation: Operation, payload: SubscribePayload, socket: OperatingSocket) => Promise<void>;

export type OperateOptions = { pipeline: Pipeline; admission: Admission; maskError: MaskError };

type Enveloped = ReturnType<Pipeline['getEnveloped']>;

/** Why an operation is answered with `error`, and not with a result. */
type Refused = { refusal: readonly GraphQLError[] };

/** The same pipeline as for HTTP, so that limits and masking are the same. */
export function createOperate({ pipeline, admission, maskError }: OperateOptions): Operate {
  // One for all: Yoga looks at its method only.
  const request = new Request('http://localhost/graphql', { method: 'POST' });

  async function begin(
    operation: Operation,
    payload: SubscribePayload,
    socket: OperatingSocket,
  ): Promise<ExecutionResult | LiveResults<string> | Refused> {
    const identity = await admission.admit(socket.credentialsOf(payload.extensions));
    operation.release = socket.operateAs(identity);
    let enveloped: Enveloped | null = null;
    const getEnveloped = (): Enveloped => (enveloped ??= pipeline.getEnveloped({ request, params: payload, identity }));
    const document = pipeline.documents.findValid(payload.query) ?? parse(getEnveloped(), payload.query);
    if (!('kind' in document)) return document;
    const { operationName, variables: variableValues } = payload;
    const type = getOperationAST(document, operationName)?.operation;
    if (type === undefined) return { refusal: [new GraphQLError('Unable to identify operation')] };
    if (type !== OperationTypeNode.SUBSCRIPTION) {
      return await execute(getEnveloped(), { document, operationName, variableValues });
    }
    operation.isSubscription = true;
    operation.settled?.resolve();
    return await pipeline.subscriptions.subscribe({ document, operationName, variableValues, identity });
  }

  async function tryBegin(...given: Parameters<typeof begin>): ReturnType<typeof begin> {
    try {
      return await begin(...given);
    } catch (error) {
      return { refusal: [error instanceof RefusedRequest ? asGraphQLError(error) : maskError(error)] };
    }
  }

  return async (operation, payload, socket) => {
    const begun = await tryBegin(operation, payload, socket);
    if (operation.over) {
      if (begun instanceof LiveResults) await begun.return();
      return;
    }
    if ('refusal' in begun) return await refuse(operation, begun.refusal, socket);
    if (!(begun instanceof LiveResults)) await socket.send(nextMessage(operation.id, payloadText(begun)));
    else if (!(await tellAll(operation, begun, socket))) return;
    await complete(operation, socket);
  };

  /** False where the stream broke off, and the client knows. */
  async function tellAll(
    operation: Operation,
    results: LiveResults<string>,
    socket: OperatingSocket,
  ): Promise<boolean> {
    operation.results = results;
    try {
      for (let next = await results.next(); next.done !== true; next = await results.next())
        await socket.send(nextMessage(operation.id, next.value));
      return true;
    } catch (error) {
      const cause = maskError(error);
      if (!operation.over) await refuse(operation, [new GraphQLError(cause.message, { cause })], socket);
      return false;
    }
  }
}

function parse(enveloped: Enveloped, query: string): DocumentNode | Refused {
  const document: DocumentNode = enveloped.parse(query);
  const errors: readonly GraphQLError[] = enveloped.validate(enveloped.schema, document);
  return errors.length > 0 ? { refusal: errors } : document;
}

type Given = { document: DocumentNode; operationName: string | null | undefined; variableValues: unknown };

async function execute(enveloped: Enveloped, given: Given): Promise<ExecutionResult> {
  const contextValue = await enveloped.contextFactory();
  return await enveloped.execute({ schema: enveloped.schema, ...given, contextValue });
}

// From here on the client may use the id again: it does so as soon as it hears of the end.
async function refuse(operation: Operation, errors: readonly GraphQLError[], socket: OperatingSocket): Promise<void> {
  operation.over = true;
  await socket.send(errorMessage(operation.id, errors));
}

async function complete(operation: Operation, socket: OperatingSocket): Promise<void> {
  if (operation.over) return;
  operation.over = true;
  await socket.send(completeMessage(operation.id));
}
