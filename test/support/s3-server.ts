import { once } from 'node:events';
import { readdir, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import S3rver from 's3rver';
import { isSignedWith } from './signature-v4.ts';
import { createTemporaryDirectory } from './temporary-directory.ts';

/** The one account that s3rver knows. */
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const bucket = 'archive';

export type S3Server = AsyncDisposable & {
  /** How to reach its one bucket, with the bucket's name in the path. */
  location: {
    endpoint: string;
    region: string;
    credentials: typeof credentials;
    forcePathStyle: true;
    bucket: string;
  };
  /** Since it was made, on all connections. */
  bytesArrived(): number;
  requests: readonly { method: string; url: string; headers: IncomingHttpHeaders }[];
  /** The multipart uploads that were begun and neither completed nor given up. */
  unfinishedUploads(): Promise<string[]>;
  /** Breaks off what is under way. What is stored stays. */
  stop(): Promise<void>;
  /** Again, at the same address. */
  start(): Promise<void>;
};

/**
 * s3rver, a real S3 server, with what it lacks in front of it: signatures of version 4 are checked, and multipart uploads can be
 * given up.
 */
export async function startS3Server(): Promise<S3Server> {
  const directory = await createTemporaryDirectory();
  const s3rver = new S3rver({
    directory: directory.path,
    silent: true,
    vhostBuckets: false,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  await s3rver.configureBuckets();
  waitForDisk(s3rver.store);
  const uploads = s3rver.store.getResourcePath(bucket, undefined, 'uploads');
  const handle = s3rver.callback();
  const requests: { method: string; url: string; headers: IncomingHttpHeaders }[] = [];
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  let port = 0;

  async function start(): Promise<void> {
    server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, headers: { ...headers } });
      const uploadId = new URL(url, 'http://localhost').searchParams.get('uploadId');
      if (!isSignedWith(credentials.secretAccessKey, request)) return refuse(response);
      if (method === 'DELETE' && uploadId !== null) return void giveUp(join(uploads, uploadId), response);
      handle(request, response);
    });
    server.on('connection', (socket) => sockets.add(socket));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  }

  async function stop(): Promise<void> {
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    server = null;
    await closed;
  }

  await start();
  return {
    location: { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials, forcePathStyle: true, bucket },
    bytesArrived: () => [...sockets].reduce((sum, socket) => sum + socket.bytesRead, 0),
    requests,
    unfinishedUploads: () => readdir(uploads).catch(() => []),
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      s3rver.logger.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

function refuse(response: ServerResponse): void {
  const error = '<Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match.</Message></Error>';
  response.writeHead(403, { 'Content-Type': 'application/xml', Connection: 'close' }).end(error);
}

async function giveUp(upload: string, response: ServerResponse): Promise<void> {
  await rm(upload, { recursive: true, force: true });
  response.writeHead(204).end();
}

/** s3rver answers before what it was given has reached its files: a reader, or the end of an upload, could be faster. */
function waitForDisk(store: S3rver['store']): void {
  const [putPart, putObject] = [store.putPart.bind(store), store.putObject.bind(store)];
  store.putPart = async (from, uploadId, partNumber, content) => {
    const written = await putPart(from, uploadId, partNumber, content);
    await untilLong(join(store.getResourcePath(from, undefined, 'uploads'), uploadId, partNumber), written.size);
    return written;
  };
  store.putObject = async (object) => {
    const path = store.getResourcePath(object.bucket, object.key, 'object');
    await rm(path, { force: true });
    const written = await putObject(object);
    await untilLong(path, written.size);
    return written;
  };
}

async function untilLong(path: string, size: number): Promise<void> {
  while ((await stat(path).catch(() => ({ size: -1 }))).size < size) await setImmediate();
}
