import type { GraphQLError } from 'graphql';
import {
  type CompleteMessage,
  type ConnectionInitMessage,
  MessageType,
  parseMessage,
  type PingMessage,
  type PongMessage,
  stringifyMessage,
  type SubscribeMessage,
} from 'graphql-ws';
import { withoutInternals } from '../graphql/payload-text.ts';

export type ClientMessage = ConnectionInitMessage | PingMessage | PongMessage | SubscribeMessage | CompleteMessage;

/** null for what breaks the protocol, and for what only a server sends. */
export function parseClientMessage(text: string): ClientMessage | null {
  const message = tryParse(text);
  switch (message?.type) {
    case undefined:
    case MessageType.ConnectionAck:
    case MessageType.Next:
    case MessageType.Error:
      return null;
    default:
      return message;
  }
}

function tryParse(text: string): ReturnType<typeof parseMessage> | null {
  try {
    return parseMessage(text);
  } catch {
    return null;
  }
}

/** `payload` is JSON already, which many messages may share. */
export function nextMessage(id: string, payload: string): string {
  return `{"id":${JSON.stringify(id)},"type":"${MessageType.Next}","payload":${payload}}`;
}

export function errorMessage(id: string, errors: readonly GraphQLError[]): string {
  return stringifyMessage({ id, type: MessageType.Error, payload: errors.map(withoutInternals) });
}

export function completeMessage(id: string): string {
  return stringifyMessage({ id, type: MessageType.Complete });
}

export const acknowledgement = stringifyMessage({ type: MessageType.ConnectionAck });

export function pongMessage({ payload }: PingMessage): string {
  return stringifyMessage({ type: MessageType.Pong, ...(payload && { payload }) });
}
