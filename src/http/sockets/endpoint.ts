import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Admission } from '../request/admission.ts';
import { type Identity, localIdentity } from '../authentication/authentication.ts';
import type { LogRefusedAddress } from '../request/refused-addresses.ts';
import { RefusedRequest, shuttingDown, unexpected } from '../request/refused-request.ts';
import type { RunningIdentities } from '../request/running-identities.ts';
import type { WebSocketBounds } from './bounds.ts';
import type { CheckHandshake } from './check-handshake.ts';
import { closeSocket, giveWay } from './close-socket.ts';
import { Connection } from './connection.ts';
import { createHalfOpenSockets, createProofDeadlines } from './half-open.ts';
import { createSlots } from '../../kit/slots.ts';
import type { Operate } from './operate.ts';
import { type ObserveRequest, refuseUpgrade } from './refuse-upgrade.ts';
import { checkSlot, createSocketOwner } from './socket-owner.ts';

/** Reads from the network for one unfinished frame: more than the largest message needs in full packets. */
const maxBufferedChunks = 16 * 1024;

export type WebSocketEndpoint = {
  /** Takes over a connection that requests an upgrade, or refuses it. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  ping(): void;
  drain(): Promise<void>;
  close(): void;
};

export type WebSocketEndpointOptions = {
  check: CheckHandshake;
  operate: Operate;
  authenticate: Admission['authenticate'];
  hold: RunningIdentities['hold'];
  bounds: WebSocketBounds;
  observe: ObserveRequest;
  logRefusedAddress: LogRefusedAddress;
  logger: Logger;
  clock: Clock;
};

export function createWebSocketEndpoint(options: WebSocketEndpointOptions): WebSocketEndpoint {
  const { authenticate, hold, bounds, logger, clock } = options;
  const { maxMessageBytes: maxPayload, maxFragments } = bounds;
  const server = new WebSocketServer({ noServer: true, maxPayload, maxFragments, maxBufferedChunks, handleProtocols });
  const slots = {
    sockets: createSlots(bounds.maxSocketsPerKey),
    halfOpen: createHalfOpenSockets(bounds.maxHalfOpen),
  };
  const closing = new AbortController();
  const connectionOptions = { ...options, deadlines: createProofDeadlines({ clock, signal: closing.signal }) };
  const connections = new Set<Connection>();
  const handshakes = new Set<Duplex>();
  let draining = false;

  /** null for a handshake without credentials: browsers can't send any. */
  async function identify({ headers }: IncomingMessage): Promise<Identity | null> {
    const { authorization } = headers;
    if (authorization === undefined) return null;
    const identity = await authenticate({ headers: new Headers({ authorization }) });
    // Without authentication, a socket still needs its connection_init in time.
    return identity === localIdentity ? null : identity;
  }

  async function accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    options.check(request);
    const identity = await identify(request);
    if (draining) throw shuttingDown();
    checkSlot(slots, identity);
    server.handleUpgrade(request, socket, head, (webSocket) => open(webSocket, request.headers, identity));
  }

  function open(socket: WebSocket, { authorization }: IncomingHttpHeaders, identity: Identity | null): void {
    const end = (): void => void closeSocket(socket, CloseCode.Forbidden, 'Forbidden', clock);
    const owner = createSocketOwner(identity, { ...slots, hold, end, giveWay: () => giveWay(socket) });
    const connection = new Connection(socket, { handshake: { authorization }, owner }, connectionOptions);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  }

  function refuse(request: IncomingMessage, error: unknown): void {
    if (request.socket.destroyed) return;
    if (!(error instanceof RefusedRequest)) logger.error({ err: error }, 'a WebSocket handshake failed unexpectedly');
    const refusal = error instanceof RefusedRequest ? error : unexpected();
    options.logRefusedAddress(request, refusal);
    refuseUpgrade(request, refusal, options);
  }

  return {
    upgrade(request, socket, head) {
      // Until ws listens: the client may vanish while its key is looked up.
      socket.on('error', () => socket.destroy());
      handshakes.add(socket);
      accept(request, socket, head)
        .catch((error: unknown) => refuse(request, error))
        .catch(() => socket.destroy())
        .finally(() => handshakes.delete(socket));
    },
    ping() {
      for (const connection of connections) connection.ping();
    },
    async drain() {
      draining = true;
      await Promise.all([...connections].map((connection) => connection.drain()));
    },
    close() {
      draining = true;
      closing.abort();
      for (const connection of connections) connection.terminate();
      for (const socket of handshakes) socket.destroy();
    },
  };
}
