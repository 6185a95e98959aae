import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { FetchFileError } from '../../src/archive/fetch-file-error.ts';
import { fetchFile, type FetchFileOptions } from '../../src/archive/fetch-file.ts';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { OutboundError } from '../../src/domain/outbound.ts';
import { createPublicRequests } from '../../src/outbound/public-requests.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { useServers } from '../outbound/start-server.ts';
import type { Respond } from '../upstream/vendor-server.ts';
import { renderFiles, type RenderedFiles } from './rendered-files.ts';

const startServer = useServers();

let rendered: RenderedFiles;
beforeAll(async () => {
  rendered = await renderFiles();
});

type Overrides = Partial<FetchFileOptions> & { clock?: Clock; exempt?: string[] };

function fetchFrom(origin: string, { clock = systemClock, exempt = [], ...options }: Overrides = {}) {
  const lookup = () => Promise.reject(new Error('No name should have been looked up.'));
  const requests = createPublicRequests({ exemptOrigins: [origin, ...exempt], clock, lookup });
  return fetchFile(`${origin}/results/a`, { requests, maxBytes: 10_000_000, type: 'IMAGE', ...options });
}

async function readAll(origin: string, options: Overrides = {}) {
  const file = await fetchFrom(origin, options);
  const bytes = Buffer.concat(await Array.fromAsync(file.content));
  return { contentType: file.contentType, bytes, ...file.summary() };
}

async function failureOf(work: Promise<unknown>): Promise<FetchFileError | OutboundError> {
  const outcome = await work.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  if (outcome instanceof FetchFileError || outcome instanceof OutboundError) return outcome;
  throw new Error('expected another failure', { cause: outcome });
}

type FileAnswer = { status?: string; type?: string | null; length?: number | null; headers?: string };

function head(body: Uint8Array, { status = '200 OK', type = 'image/png', length, headers = '' }: FileAnswer = {}) {
  const typeHeader = type === null ? '' : `content-type: ${type}\r\n`;
  const lengthHeader = length === null ? '' : `content-length: ${length ?? body.length}\r\n`;
  return `HTTP/1.1 ${status}\r\n${typeHeader}${lengthHeader}${headers}\r\n`;
}

function serve(body: Uint8Array | string, options: FileAnswer = {}): Respond {
  const bytes = Buffer.from(body);
  return (socket) => {
    socket.write(head(bytes, options));
    socket.end(bytes);
  };
}

function redirectTo(location: string): Respond {
  return serve('', { status: '302 Found', type: 'text/html', headers: `location: ${location}\r\n` });
}

/** As long as the reader takes it. */
function pour(socket: Socket, piece: Uint8Array | string): void {
  const write = () => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', write);
  write();
}

describe('a file', () => {
  test.each([
    ['png', 'IMAGE', 'image/png'],
    ['jpeg', 'IMAGE', 'image/jpeg'],
    ['mp4', 'VIDEO', 'video/mp4'],
    ['mp4', 'AUDIO', 'audio/mp4'],
    ['mp3', 'AUDIO', 'audio/mpeg'],
    ['wav', 'AUDIO', 'audio/wav'],
  ] as const)('that is %s comes byte for byte, as %s, with size and checksum', async (name, type, contentType) => {
    const bytes = rendered[name];
    for (const declared of [contentType, 'application/octet-stream', 'binary/octet-stream', null]) {
      const server = await startServer(serve(bytes, { type: declared }));
      const file = await readAll(server.origin, { type });
      expect(file.contentType).toBe(contentType);
      expect(file.bytes.equals(bytes)).toBe(true);
      expect(file.byteSize).toBe(bytes.length);
      expect(file.checksum).toBe(createHash('sha256').update(bytes).digest('hex'));
      expect(server.requests).toHaveLength(1);
      expect(server.requests[0]?.head).toMatch(/^GET \/results\/a HTTP/);
      expect(server.requests[0]?.headers.get('accept-encoding')).toBe('identity');
    }
  });

  test('may come in pieces of one byte', async () => {
    const small = rendered.png.subarray(0, 700);
    const server = await startServer((socket) => {
      socket.write(head(small, { length: null, headers: 'transfer-encoding: chunked\r\n' }));
      for (const byte of small) socket.write(Buffer.from([0x31, 13, 10, byte, 13, 10]));
      socket.write('0\r\n\r\n');
    });
    expect((await readAll(server.origin)).bytes.equals(small)).toBe(true);
  });

  test('has no summary before it was read to its end', async () => {
    const server = await startServer(serve(rendered.png));
    const file = await fetchFrom(server.origin);
    expect(() => file.summary()).toThrow('not read');
    await Array.fromAsync(file.content);
    expect(file.summary().byteSize).toBe(rendered.png.length);
  });

  test('that is not wanted any more leaves no connection', async () => {
    const server = await startServer((socket) => {
      socket.write(head(rendered.png, { length: 1_000_000_000 }));
      pour(socket, rendered.png);
    });
    const options = { maxBytes: 1_000_000_000 };
    {
      using unread = await fetchFrom(server.origin, options);
      expect(unread.contentType).toBe('image/png');
      expect(server.sockets.size).toBe(1);
    }
    await vi.waitUntil(() => server.sockets.size === 0);
    const begun = await fetchFrom(server.origin, options);
    const pieces = begun.content[Symbol.asyncIterator]();
    await pieces.next();
    await pieces.return?.();
    await vi.waitUntil(() => server.sockets.size === 0);
  });

  test('is never in memory as a whole', async () => {
    const total = 300_000_000;
    const piece = Buffer.concat([rendered.png, Buffer.alloc(1_000_000 - rendered.png.length)]);
    const server = await startServer((socket) => {
      socket.write(head(piece, { length: total }));
      pour(socket, piece);
    });
    const file = await fetchFrom(server.origin, { maxBytes: total });
    const before = process.memoryUsage().rss;
    let highest = before;
    let received = 0;
    for await (const { length } of file.content) {
      received += length;
      highest = Math.max(highest, process.memoryUsage().rss);
    }
    expect(received).toBe(total);
    expect(highest - before).toBeLessThan(total / 2);
  });

  test('is given up by the signal', async () => {
    const server = await startServer((socket) => {
      socket.write(head(rendered.png, { length: 1_000_000 }));
      socket.write(rendered.png);
    });
    const giveUp = new AbortController();
    const file = await fetchFrom(server.origin, { signal: giveUp.signal });
    const failing = failureOf(Array.fromAsync(file.content));
    giveUp.abort();
    expect(await failing).toMatchObject({ kind: 'aborted', retryable: true });
    await vi.waitUntil(() => server.sockets.size === 0);
  });
});

describe('what is no such file is refused', () => {
  const page = '<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>';

  test.each([
    ['a page', page, 'text/html'],
    ['a page that says that it is a picture', page, 'image/png'],
    ['a page that does not say what it is', page, null],
    ['a picture that says that it is a page', 'PNG', 'text/html; charset=utf-8'],
    ['a drawing with a script', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 'image/svg+xml'],
    ['nothing', '', 'image/png'],
  ])('%s', async (_what, body, type) => {
    const server = await startServer(serve(body === 'PNG' ? rendered.png : body, { type }));
    expect(await failureOf(fetchFrom(server.origin))).toMatchObject({ code: 'WRONG_TYPE', retryable: true });
    await vi.waitUntil(() => server.sockets.size === 0);
    const control = await startServer(serve(rendered.png, { type: 'image/png' }));
    expect((await readAll(control.origin)).contentType).toBe('image/png');
  });

  test.each([
    ['png', 'VIDEO'],
    ['png', 'AUDIO'],
    ['mp4', 'IMAGE'],
    ['mp3', 'VIDEO'],
    ['wav', 'IMAGE'],
  ] as const)('%s as %s', async (name, type) => {
    const server = await startServer(serve(rendered[name], { type: 'application/octet-stream' }));
    expect(await failureOf(fetchFrom(server.origin, { type }))).toMatchObject({ code: 'WRONG_TYPE' });
  });

  test('a bomb of compressed bytes, which is not unpacked', async () => {
    const unpackedBytes = 50_000_000;
    const bomb = gzipSync(Buffer.concat([rendered.png, Buffer.alloc(unpackedBytes)]));
    const server = await startServer(serve(bomb, { headers: 'content-encoding: gzip\r\n' }));
    expect(await failureOf(fetchFrom(server.origin))).toMatchObject({ code: 'WRONG_TYPE' });

    // The control: a client that unpacks.
    const unpacked = await (await fetch(server.origin)).arrayBuffer();
    expect(unpacked.byteLength).toBeGreaterThan(unpackedBytes);
  });
});

describe('a status', () => {
  test.each([
    '204 No Content',
    '206 Partial Content',
    '302 Found',
    '304 Not Modified',
    '400 Bad Request',
    '403 Forbidden',
    '404 Not Found',
    '410 Gone',
    '429 Too Many Requests',
    '500 Internal Server Error',
    '503 Slow Down',
  ])('of %s gives no file, and may be another one later', async (status) => {
    const server = await startServer(serve(/^(204|304)/.test(status) ? '' : rendered.png, { status }));
    const failure = await failureOf(fetchFrom(server.origin));
    expect(failure).toMatchObject({ code: 'BAD_STATUS', retryable: true });
    expect(failure.message).toContain(status.slice(0, 3));
    await vi.waitUntil(() => server.sockets.size === 0);
  });
});

describe('redirects', () => {
  /** `/results/a` redirects so many times before the file comes. */
  function startChain(length: number) {
    let requests = 0;
    return startServer((socket, request) => {
      requests += 1;
      const answer = requests <= length ? redirectTo(`hop-${requests}?signature=a%2Fb`) : serve(rendered.png);
      answer(socket, request);
    });
  }

  test('are followed three times, relative ones too', async () => {
    const server = await startChain(3);
    expect((await readAll(server.origin)).bytes.equals(rendered.png)).toBe(true);
    expect(server.requests.at(-1)?.head).toMatch(/^GET \/results\/hop-3\?signature=a%2Fb HTTP/);
  });

  test('are not followed a fourth time, and so not in circles', async () => {
    const server = await startChain(4);
    expect(await failureOf(fetchFrom(server.origin))).toMatchObject({ code: 'BAD_REDIRECT', retryable: true });
    expect(server.requests).toHaveLength(4);
    const circle = await startServer(redirectTo('/results/a'));
    expect(await failureOf(fetchFrom(circle.origin))).toMatchObject({ code: 'BAD_REDIRECT' });
    expect(circle.requests).toHaveLength(4);
  });

  test.each(['301 Moved', '302 Found', '303 See Other', '307 Temporary Redirect', '308 Permanent Redirect'])(
    'of status %s lead on',
    async (status) => {
      const target = await startServer(serve(rendered.png));
      const server = await startServer(serve('', { status, type: null, headers: `location: ${target.origin}/b\r\n` }));
      expect((await readAll(server.origin, { exempt: [target.origin] })).contentType).toBe('image/png');
    },
  );

  test.each([
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://localhost:PORT/',
    'https://127.0.0.1:PORT/',
    'http://127.0.0.1:PORT/',
    '//127.0.0.1:PORT/',
    'http://files.example.com/a.png',
    'https://me:pw@files.example.com/',
    'file:///etc/passwd',
    'ftp://files.example.com/',
    'data:image/png;base64,iVBORw0KGgo=',
  ])('to %s are refused', async (location) => {
    const inside = await startServer(serve(rendered.png));
    const server = await startServer(redirectTo(location.replace('PORT', String(inside.port))));
    const failure = await failureOf(fetchFrom(server.origin));
    expect(failure).toMatchObject({ kind: 'refused-address', retryable: false });
    expect(inside.connections).toBe(0);

    // The control: where it is exempt, the same way is open.
    if (!/^(http:)?\/\/127/.test(location)) return;
    expect((await readAll(server.origin, { exempt: [inside.origin] })).contentType).toBe('image/png');
  });

  test('to what is no URL are refused', async () => {
    const server = await startServer(redirectTo('http://[/'));
    expect(await failureOf(fetchFrom(server.origin))).toMatchObject({ code: 'BAD_REDIRECT' });
  });
});

describe('the size', () => {
  test('is refused at once if the answer tells that it is too large', async () => {
    const server = await startServer((socket) => socket.write(head(rendered.png, { length: 1001 })));
    expect(await failureOf(fetchFrom(server.origin, { maxBytes: 1000 }))).toMatchObject({
      code: 'TOO_LARGE',
      retryable: false,
      message: 'The file is larger than 1000 bytes, the largest that is kept.',
    });
    await vi.waitUntil(() => server.sockets.size === 0);
  });

  test('is counted while the file comes, however it is declared', async () => {
    const server = await startServer((socket) => {
      socket.write(head(rendered.png, { length: null, headers: 'transfer-encoding: chunked\r\n' }));
      pour(
        socket,
        Buffer.concat([Buffer.from(`${rendered.png.length.toString(16)}\r\n`), rendered.png, Buffer.from('\r\n')]),
      );
    });
    const file = await fetchFrom(server.origin, { maxBytes: 3_000_000 });
    let received = 0;
    const reading = async () => {
      for await (const piece of file.content) received += piece.length;
    };
    expect(await failureOf(reading())).toMatchObject({ code: 'TOO_LARGE', retryable: false });
    expect(received).toBeLessThanOrEqual(3_000_000);
    expect(() => file.summary()).toThrow();
    await vi.waitUntil(() => server.sockets.size === 0);
  });

  test('may be just the largest', async () => {
    const server = await startServer(serve(rendered.png));
    expect((await readAll(server.origin, { maxBytes: rendered.png.length })).byteSize).toBe(rendered.png.length);
    expect(await failureOf(fetchFrom(server.origin, { maxBytes: rendered.png.length - 1 }))).toMatchObject({
      code: 'TOO_LARGE',
    });
  });

  test('must be known to be whole: an answer that just ends is refused', async () => {
    const server = await startServer(serve(rendered.png, { length: null, headers: 'connection: close\r\n' }));
    expect(await failureOf(fetchFrom(server.origin))).toMatchObject({ code: 'UNKNOWN_LENGTH', retryable: true });
  });
});

describe('a connection', () => {
  test.each([
    ['a length', () => head(rendered.png), (bytes: Buffer) => bytes],
    [
      'chunks',
      () => head(rendered.png, { length: null, headers: 'transfer-encoding: chunked\r\n' }),
      (bytes: Buffer) => Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]),
    ],
  ])('that ends within a file of %s gives no file', async (_what, headOf, encode) => {
    const startCut = (ending: (socket: Socket) => void) =>
      startServer((socket) => {
        socket.write(headOf());
        socket.write(encode(rendered.png.subarray(0, 5000)), () => ending(socket));
      });
    for (const server of [await startCut((socket) => socket.end()), await startCut((socket) => socket.destroy())]) {
      const file = await fetchFrom(server.origin);
      expect(await failureOf(Array.fromAsync(file.content))).toMatchObject({ kind: 'broken-off', retryable: true });
      expect(() => file.summary()).toThrow();
    }
  });

  test('that is reset before an answer, or answers with endless headers, may do better later', async () => {
    const reset = await startServer((socket) => socket.resetAndDestroy());
    expect(await failureOf(fetchFrom(reset.origin))).toMatchObject({ kind: 'broken-off', retryable: true });
    const endless = await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      pour(socket, 'x-a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n');
    });
    expect(await failureOf(fetchFrom(endless.origin))).toMatchObject({ kind: 'bad-answer', retryable: true });
    await vi.waitUntil(() => endless.sockets.size === 0);
  });

  test('that drips is given up after half an hour, one that is silent after half a minute', async () => {
    for (const { dripMs, limitMs } of [
      { dripMs: 20_000, limitMs: 30 * 60_000 },
      { dripMs: 40_000, limitMs: 30_000 },
    ]) {
      const clock = createManualClock();
      const server = await startServer((socket) => {
        socket.write(head(rendered.png));
        socket.write(rendered.png.subarray(0, 1000));
      });
      const file = await fetchFrom(server.origin, { clock });
      const began = clock.now();
      let endedAt: number | null = null;
      let received = 0;
      const reading = async () => {
        for await (const piece of file.content) received += piece.length;
      };
      const failing = failureOf(reading()).finally(() => (endedAt = clock.now()));
      await vi.waitUntil(() => received >= 1000);
      for (let dripped = 1; endedAt === null && dripped < 200; dripped += 1) {
        await clock.advance(dripMs);
        for (const socket of server.sockets) socket.write('x');
        await vi.waitUntil(() => endedAt !== null || received >= 1000 + dripped, { interval: 1 });
      }
      expect(await failing).toMatchObject({ kind: 'timed-out', retryable: true });
      expect(Number(endedAt) - began).toBeLessThan(limitMs + dripMs);
      expect(Number(endedAt) - began).toBeGreaterThanOrEqual(limitMs);
    }
  });
});
