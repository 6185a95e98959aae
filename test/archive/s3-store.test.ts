import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openS3Store, type S3StoreOptions } from '../../src/archive/s3-store.ts';
import { contentOf, megabyte, piecesOf } from './content.ts';
import { contentType, openBucket, urlOf } from './open-stores.ts';

const key = 'fox/0.mp4';
const about = { contentType };
const encoded = 'Der%20%22Fuchs%22%20%F0%9F%A6%8A.mp4';

let opened: Awaited<ReturnType<typeof openBucket>>;
beforeEach(async () => {
  opened = await openBucket();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await opened[Symbol.asyncDispose]();
});

describe('a signed URL', () => {
  const hour = 3_600_000;
  beforeEach(() => opened.store.put(key, piecesOf(contentOf(1_000)), about));

  it('serves parts', async () => {
    const response = await fetch(await urlOf(opened.store, key), { headers: { Range: 'bytes=200-299' } });
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe('bytes 200-299/1000');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(contentOf(1_000).subarray(200, 300));
  });

  it.each([
    [false, 'fox.mp4', 'inline; filename="fox.mp4"'],
    [true, 'fox.mp4', 'attachment; filename="fox.mp4"'],
    [true, 'Der "Fuchs" 🦊.mp4', `attachment; filename="Der _Fuchs_ _.mp4"; filename*=UTF-8''${encoded}`],
  ])(
    'says what the file is, how to treat it (attachment: %s) and what to call it: %s',
    async (asAttachment, fileName, header) => {
      const url = await urlOf(opened.store, key, { contentType: 'video/webm', fileName, asAttachment });
      const { headers } = await fetch(url);
      expect(headers.get('Content-Type')).toBe('video/webm');
      expect(headers.get('Content-Disposition')).toBe(header);
    },
  );

  it('has the type that was given with the put, for other readers of the bucket', async () => {
    const url = new URL(await urlOf(opened.store, key, { contentType: 'video/webm' }));
    const [stored] = opened.server.requests.filter(({ method }) => method === 'PUT');
    expect(stored?.headers['content-type']).toBe(contentType);
    expect(url.searchParams.get('response-content-type')).toBe('video/webm');
  });

  it('stays the same for the same moment, and only then', async () => {
    const at = new Date();
    const expiresAt = new Date(at.getTime() + hour);
    const url = await urlOf(opened.store, key, { at, expiresAt });
    await using replica = await openS3Store({ ...opened.server.location, prefix: 'results/of the gateway/' });
    expect(await urlOf(replica, key, { at: new Date(at), expiresAt })).toBe(url);
    expect(await urlOf(replica, key, { at: new Date(at.getTime() + 1_000), expiresAt })).not.toBe(url);
  });

  it('works until it expires, and not after', async () => {
    const now = Date.now();
    const signed = (ageMs: number, lifeMs: number) =>
      urlOf(opened.store, key, { at: new Date(now - ageMs), expiresAt: new Date(now - ageMs + lifeMs) });
    expect((await fetch(await signed(24 * hour, 23 * hour))).status).toBe(403);
    expect((await fetch(await signed(24 * hour, 25 * hour))).status).toBe(200);
  });

  it('works for the whole of its last second', async () => {
    const at = new Date('2026-01-01T10:00:00.900Z');
    const url = new URL(await urlOf(opened.store, key, { at, expiresAt: new Date('2026-01-01T11:00:00.100Z') }));
    expect(url.searchParams.get('X-Amz-Date')).toBe('20260101T100000Z');
    expect(url.searchParams.get('X-Amz-Expires')).toBe('3601');
  });

  it('opens neither another file nor another life once it is changed', async () => {
    await opened.store.put('fox/1.mp4', piecesOf(contentOf(9)), about);
    const url = await urlOf(opened.store, key);
    const changes = [
      url.replace('fox/0.mp4', 'fox/1.mp4'),
      url.replace('X-Amz-Expires=', 'X-Amz-Expires=9'),
      url.replace('inline', 'attachment'),
      url.replace(/response-content-type=[^&]*/, 'response-content-type=text%2Fhtml'),
    ];
    for (const changed of changes) {
      expect(changed).not.toBe(url);
      expect((await fetch(changed)).status).toBe(403);
    }
    expect((await fetch(url)).status).toBe(200);
  });

  it('is refused where none can work so long', async () => {
    const at = new Date();
    const expiresAt = new Date(at.getTime() + 8 * 24 * hour);
    await expect(urlOf(opened.store, key, { at, expiresAt })).rejects.toMatchObject({ code: 'PRESIGN_FAILED' });
  });
});

describe('a bucket of Tencent COS', () => {
  const cos: S3StoreOptions = {
    bucket: 'results-1250000000',
    prefix: '',
    endpoint: 'https://cos.ap-singapore.myqcloud.com',
    region: 'ap-singapore',
    credentials: { accessKeyId: 'AKIDexample', secretAccessKey: 'not-to-be-told' },
    forcePathStyle: false,
  };

  it('is addressed by its name in the host', async () => {
    await using store = await openS3Store(cos);
    const url = await urlOf(store, key);
    expect(url).toContain('https://results-1250000000.cos.ap-singapore.myqcloud.com/fox/0.mp4?');
    expect(url).toContain('%2Fap-singapore%2Fs3%2Faws4_request');
    expect(store.description).toBe('s3://results-1250000000 at https://cos.ap-singapore.myqcloud.com');
  });

  it('is addressed by its path where that is asked for (control)', async () => {
    await using store = await openS3Store({ ...cos, forcePathStyle: true, endpoint: null });
    expect(await urlOf(store, key)).toContain('.amazonaws.com/results-1250000000/fox/0.mp4?');
    expect(store.description).toBe('s3://results-1250000000');
  });
});

describe('what is sent', () => {
  const onlyAmazons =
    /^(x-amz-(sdk-)?checksum|x-amz-trailer|x-amz-decoded|trailer|expect|content-encoding|transfer-encoding)/;
  const namesSent = () => opened.server.requests.flatMap(({ headers }) => Object.keys(headers));

  it('has no header that only Amazon’s newest servers know', async () => {
    await opened.store.put(key, piecesOf(contentOf(12 * megabyte)), about);
    await opened.store.put(key, piecesOf(contentOf(9)), about);
    await opened.store.remove(key);
    expect(namesSent().filter((name) => onlyAmazons.test(name))).toEqual([]);
    expect(new URL(await urlOf(opened.store, key)).search).not.toContain('checksum');
  });

  it('would have some by default (control)', async () => {
    const { bucket, ...location } = opened.server.location;
    const client = new S3Client(location);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: contentOf(3 * megabyte) }));
    client.destroy();
    expect(namesSent().filter((name) => onlyAmazons.test(name))).toEqual(
      expect.arrayContaining(['x-amz-checksum-crc32', 'expect']),
    );
  });

  it('is signed in its content, so that a store can tell what was damaged on its way', async () => {
    await opened.store.put(key, piecesOf(contentOf(12 * megabyte)), about);
    const hashes = opened.server.requests.map(({ headers }) => headers['x-amz-content-sha256']);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(hashes).size).toBeGreaterThan(3);
  });
});

describe('a store that is away', () => {
  it('does not keep anybody from opening it, rejects, and works again afterwards', async () => {
    await opened.server.stop();
    await using store = await openS3Store({ ...opened.server.location, prefix: '' });
    await expect(store.put(key, piecesOf(contentOf(9)), about)).rejects.toMatchObject({
      name: 'ArchiveStoreError',
      code: 'PUT_FAILED',
      retryable: true,
      message: expect.stringMatching(/^"fox\/0\.mp4" could not be kept in s3:\/\/archive: .*ECONNREFUSED/),
    });
    await expect(store.remove(key)).rejects.toMatchObject({ code: 'REMOVE_FAILED' });
    await opened.server.start();
    await store.put(key, piecesOf(contentOf(9)), about);
    expect((await fetch(await urlOf(store, key))).status).toBe(200);
    await store.remove(key);
  });

  it('in the middle of a put, closes the source, leaves nothing to see, and takes the next try', async () => {
    let isClosed = false;
    async function* source() {
      try {
        yield* piecesOf(contentOf(8 * megabyte));
        await vi.waitUntil(() => opened.server.bytesArrived() > 5 * megabyte);
        await opened.server.stop();
        yield* piecesOf(contentOf(20 * megabyte));
      } finally {
        isClosed = true;
      }
    }
    await expect(opened.store.put(key, source(), about)).rejects.toMatchObject({ code: 'PUT_FAILED' });
    expect(isClosed).toBe(true);
    await opened.server.start();
    expect(await opened.read(key)).toBeNull();
    await opened.store.put(key, piecesOf(contentOf(9)), about);
    expect(await opened.read(key)).toEqual(contentOf(9));
  });

  it('says so in the source’s words where both fail', async () => {
    async function* source() {
      yield* piecesOf(contentOf(12 * megabyte));
      await opened.server.stop();
      throw new RangeError('too large');
    }
    await expect(opened.store.put(key, source(), about)).rejects.toThrow(new RangeError('too large'));
  });
});

describe('a store that takes a connection and then says nothing', () => {
  /** Stands where the store should be, and answers as told. */
  async function startStandIn(listener: RequestListener) {
    const server = createServer((request, response) => {
      request.resume();
      listener(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const timeouts = { connectMs: 1_000, stallMs: 30 };
    const store = await openS3Store({
      ...opened.server.location,
      endpoint: `http://127.0.0.1:${port}`,
      prefix: '',
      timeouts,
    });
    return {
      store,
      async [Symbol.asyncDispose]() {
        await store[Symbol.asyncDispose]();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }

  it('is given up', async () => {
    await using standIn = await startStandIn(() => {});
    await expect(standIn.store.put(key, piecesOf(contentOf(9)), about)).rejects.toThrow('30 ms of inactivity');
    await expect(standIn.store.remove(key)).rejects.toThrow('30 ms of inactivity');
  });

  it('is told from one that answers (control)', async () => {
    await using standIn = await startStandIn((_request, response) => void response.setHeader('ETag', '"a"').end());
    await standIn.store.put(key, piecesOf(contentOf(9)), about);
    await standIn.store.remove(key);
  });
});

describe('what an operator got wrong', () => {
  async function messageOf(wrong: Partial<S3StoreOptions>): Promise<string> {
    await using store = await openS3Store({ ...opened.server.location, prefix: '', ...wrong });
    const put = store.put(key, piecesOf(contentOf(9)), about);
    return put.then(
      () => 'it was kept',
      (error: Error) => error.message,
    );
  }

  it('is told with the first put: the bucket, the key, or its secret, which is not told', async () => {
    const secretAccessKey = 'wrong-secret';
    const accessKeyId = opened.server.location.credentials.accessKeyId;
    expect(await messageOf({ bucket: 'other' })).toMatch(/kept in s3:\/\/other: NoSuchBucket: /);
    const message = await messageOf({ credentials: { accessKeyId, secretAccessKey } });
    expect(message).toMatch(/kept in s3:\/\/archive: SignatureDoesNotMatch: /);
    expect(message).not.toContain(secretAccessKey);
    expect(await messageOf({})).toBe('it was kept');
  });

  it('is an endpoint that speaks no S3', async () => {
    const server = createServer((_request, response) => void response.writeHead(404).end('<html>Not here</html>'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await messageOf({ endpoint: `http://127.0.0.1:${port}` })).toContain('could not be kept in s3://archive: ');
    server.closeAllConnections();
    server.close();
  });
});

describe('credentials that the SDK finds by itself', () => {
  const open = () => openS3Store({ ...opened.server.location, prefix: '', credentials: null });

  function stubCredentials(sessionToken: string | undefined): void {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER');
    vi.stubEnv('AWS_SESSION_TOKEN', sessionToken);
  }

  it('are taken', async () => {
    stubCredentials(undefined);
    await using store = await open();
    await store.put(key, piecesOf(contentOf(9)), about);
    expect((await fetch(await urlOf(store, key))).status).toBe(200);
  });

  it('stop the start where they are temporary, since their URLs would die before their time', async () => {
    stubCredentials('a-token');
    await expect(open()).rejects.toMatchObject({
      code: 'UNUSABLE_CREDENTIALS',
      message: expect.stringMatching(/ are temporary, .* ARCHIVE_ACCESS_KEY_ID and ARCHIVE_SECRET_ACCESS_KEY\.$/),
    });
    expect(opened.server.requests).toEqual([]);
  });

  it('stop the start where there are none', async () => {
    stubCredentials(undefined);
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nonexistent');
    await expect(open()).rejects.toMatchObject({
      code: 'UNUSABLE_CREDENTIALS',
      message: expect.stringMatching(/^No credentials for the archive were found: /),
    });
  });
});

it('is opened and closed without waiting for anything', async () => {
  const store = await openS3Store({ ...opened.server.location, prefix: '' });
  await store[Symbol.asyncDispose]();
  expect(opened.server.requests).toEqual([]);
});

it('closes a source that fails in closing without taking the process with it', async () => {
  async function* source() {
    try {
      yield* piecesOf(contentOf(8 * megabyte));
      await opened.server.stop();
      yield* piecesOf(contentOf(20 * megabyte));
    } finally {
      await Promise.reject(new Error('The vendor’s socket was gone.'));
    }
  }
  await expect(opened.store.put(key, source(), about)).rejects.toMatchObject({ code: 'PUT_FAILED' });
});

it('takes a stream as it takes any other source', async () => {
  await opened.store.put(key, Readable.from(piecesOf(contentOf(1_000))), about);
  expect(await opened.read(key)).toEqual(contentOf(1_000));
});
