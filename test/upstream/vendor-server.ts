import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export type ReceivedRequest = { head: string; headers: Map<string, string>; body: string; connection: number };
export type Respond = (socket: Socket, request: ReceivedRequest) => void;

/** A server of which a test decides every byte, and which knows what really arrived. */
export type VendorServer = AsyncDisposable & {
  port: number;
  requests: ReceivedRequest[];
  /** All that were ever opened. */
  connections: number;
  sockets: Set<Socket>;
};

export async function startVendorServer(
  respond: Respond,
  options: { tls?: TlsOptions; onConnection?: (socket: Socket) => void } = {},
): Promise<VendorServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const accept = (socket: Socket): void => {
    const connection = ++connections;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (options.onConnection) return options.onConnection(socket);
    let received = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      received += String(chunk);
      const request = parseRequest(received, connection);
      if (request === null) return;
      received = '';
      requests.push(request);
      respond(socket, request);
    });
  };

  const server: Server = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: portOf(server.address()),
    requests,
    get connections() {
      return connections;
    },
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port that refuses connections: one that was free a moment ago. */
export async function findClosedPort(): Promise<number> {
  const server = await startVendorServer(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.port;
}

export function answerWith(body: unknown, { status = '200 OK', headers = '' } = {}): Respond {
  return (socket) => {
    const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    socket.write(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${headers}content-length: ${text.length}\r\n\r\n`,
    );
    socket.write(text);
  };
}

/** Null until it is there as a whole. */
function parseRequest(received: string, connection: number): ReceivedRequest | null {
  const [head = '', ...rest] = received.split('\r\n\r\n');
  if (rest.length === 0) return null;
  const lines = head.split('\r\n').slice(1);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = rest.join('\r\n\r\n');
  if (body.length < Number(headers.get('content-length') ?? 0)) return null;
  return { head, headers, body: Buffer.from(body, 'latin1').toString('utf8'), connection };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}
