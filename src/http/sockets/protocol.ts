import { type ExecutionArgs, getOperationAST, type GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type ConnectionInitMessage, type Context, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { Admission } from '../request/admission.ts';
import type { MaskError } from '../graphql/error-masking.ts';
import type { Pipeline } from '../graphql/pipeline.ts';
import { asGraphQLError, RefusedRequest } from '../request/refused-request.ts';
import { closeCodes } from './close-socket.ts';
import {
  bringsCredentials,
  connectionCredentials,
  type Handshake,
  operationCredentials,
} from './operation-credentials.ts';
import type { SocketOperations } from './socket-operations.ts';
import type { SocketOwner } from './socket-owner.ts';

type ConnectionParams = ConnectionInitMessage['payload'];

export type SocketState = {
  handshake: Handshake;
  owner: SocketOwner;
  operations: SocketOperations;
  markAsInitialised(): void;
  /** After connection_init, and after an operation that may have brought the credentials. */
  noticeOwner(): void;
  close(code: number, reason: string): void;
};

export type ProtocolOptions = { pipeline: Pipeline; admission: Admission; maskError: MaskError };

type SocketContext = Context<ConnectionParams, SocketState>;
type Enveloped = ReturnType<Pipeline['getEnveloped']>;

/** graphql-transport-ws over the same pipeline as HTTP, so that limits and masking are the same. */
export function createProtocol({ pipeline, admission, maskError }: ProtocolOptions): Server<SocketState> {
  // One for all: Yoga looks at its method only.
  const request = new Request('http://localhost/graphql', { method: 'POST' });
  const envelopedByArguments = new WeakMap<ExecutionArgs, Enveloped>();
  const takeEnveloped = (execution: ExecutionArgs): Enveloped => {
    const enveloped = envelopedByArguments.get(execution);
    if (!enveloped) throw new Error('An operation is executed that was not prepared here.');
    envelopedByArguments.delete(execution);
    return enveloped;
  };

  /** A connection may bring no credentials (GraphiQL's doesn't): then its operations have to. False: closed with 4403. */
  async function connect({ extra, connectionParams }: SocketContext): Promise<boolean> {
    extra.markAsInitialised();
    try {
      const credentials = connectionCredentials(extra.handshake, connectionParams);
      extra.owner.connectAs(await admission.authenticate(credentials));
      extra.noticeOwner();
      return true;
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      if (error.status === 401) return !bringsCredentials(extra.handshake, connectionParams);
      extra.close(closeCodes.tryAgainLater, error.message);
      return true;
    }
  }

  async function prepare({ extra, connectionParams }: SocketContext, id: string, payload: SubscribePayload) {
    const credentials = operationCredentials(extra.handshake, connectionParams, payload.extensions);
    const identity = await admission.admit(credentials);
    extra.operations.releaseAfter(id, extra.owner.operateAs(identity));
    extra.noticeOwner();
    const enveloped = pipeline.getEnveloped({ request, params: payload, identity });
    const document = enveloped.parse(payload.query);
    const errors: readonly GraphQLError[] = enveloped.validate(enveloped.schema, document);
    if (errors.length > 0) return errors;
    const execution: ExecutionArgs = {
      schema: enveloped.schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: await enveloped.contextFactory(),
    };
    envelopedByArguments.set(execution, enveloped);
    return execution;
  }

  return makeServer<ConnectionParams, SocketState>({
    // half-open.ts does this, by our clock.
    connectionInitWaitTimeout: 0,
    onConnect: connect,
    async onSubscribe(context, id, payload) {
      try {
        const prepared = await prepare(context, id, payload);
        if ('document' in prepared && isSubscription(prepared)) context.extra.operations.markAsSubscription(id);
        return prepared;
      } catch (error) {
        // Thrown, a syntax error would close the socket, with all other subscriptions on it.
        return [error instanceof RefusedRequest ? asGraphQLError(error) : maskError(error)];
      }
    },
    execute: (execution) => takeEnveloped(execution).execute(execution),
    subscribe: (execution) => takeEnveloped(execution).subscribe(execution),
    onNext: (_context, _id, _payload, _execution, { data, errors, extensions }) =>
      errors && {
        ...(data !== undefined && { data }),
        ...(extensions && { extensions }),
        errors: errors.map(withoutInternals),
      },
    onError(context, id, _payload, errors) {
      context.extra.operations.markAsOver(id);
      return errors.map(withoutInternals);
    },
    onComplete: (context, id) => context.extra.operations.markAsOver(id),
  });
}

function isSubscription({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === 'subscription';
}

function withoutInternals(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...formatted } = error.toJSON();
  const { http: _http, unexpected: _unexpected, ...publicExtensions } = extensions ?? {};
  return { ...formatted, extensions: publicExtensions };
}
