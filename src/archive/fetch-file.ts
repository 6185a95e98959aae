import { createHash } from 'node:crypto';
import type { OutboundAnswer, PublicRequests } from '../domain/outbound.ts';
import type { ResultFileType } from '../domain/task/task.ts';
import { FetchFileError } from './fetch-file-error.ts';
import { followRedirects } from './follow-redirects.ts';
import { detectContentType, headBytes } from './media-type.ts';

// Object storage's default type has no registered name.
const plausibleTypes = /^(image\/|video\/|audio\/|(application|binary)\/octet-stream\b)/i;

export type FileSummary = {
  byteSize: number;
  checksum: string;
};

/** Holds a connection until the content has ended or the file is disposed of. */
export type FetchedFile = Disposable & {
  /** By its first bytes. */
  contentType: string;
  /** Can be read once. Throws a FetchFileError or an OutboundError. */
  content: AsyncIterable<Uint8Array>;
  /** Throws until the content was read to its end. */
  summary(): FileSummary;
};

export type FetchFileOptions = {
  requests: PublicRequests;
  maxBytes: number;
  type: ResultFileType;
  signal?: AbortSignal | undefined;
};

/**
 * Fetches a result and trusts nothing about it: not where the URL leads, nor the length, nor the type. Throws a
 * FetchFileError or an OutboundError, both with `retryable`.
 */
export async function fetchFile(url: string, options: FetchFileOptions): Promise<FetchedFile> {
  const { requests, maxBytes, type, signal } = options;
  const answer = await followRedirects(url, requests, signal);
  try {
    checkAnswer(answer, maxBytes);
    const pieces = limitSize(answer.body, maxBytes);
    const head = await readHead(pieces);
    const contentType = detectContentType(head, type);
    if (contentType === null) throw wrongType(`The file does not begin like any ${type.toLowerCase()} known here.`);
    return {
      contentType,
      ...summarize(concatenate(head, pieces)),
      [Symbol.dispose]: () => answer[Symbol.dispose](),
    };
  } catch (error) {
    answer[Symbol.dispose]();
    throw error;
  }
}

function checkAnswer({ status, headers }: OutboundAnswer, maxBytes: number): void {
  if (status !== 200) throw new FetchFileError('BAD_STATUS', `The file's server answered with status ${status}.`);
  const contentType = headers.get('content-type');
  if (contentType !== null && !plausibleTypes.test(contentType))
    throw wrongType('The answer is not declared as a picture, a video or a sound.');
  const length = headers.get('content-length');
  if (length === null && headers.get('transfer-encoding') === null)
    throw new FetchFileError('UNKNOWN_LENGTH', 'The answer does not say where the file ends.');
  if (Number(length) > maxBytes) throw tooLarge(maxBytes);
}

async function* limitSize(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let byteSize = 0;
  for await (const piece of body) {
    byteSize += piece.length;
    if (byteSize > maxBytes) throw tooLarge(maxBytes);
    yield piece;
  }
}

/** At least `headBytes`, or the whole file if that is shorter. */
async function readHead(pieces: AsyncGenerator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < headBytes) {
    const piece = await pieces.next();
    if (piece.done) break;
    head = Buffer.concat([head, piece.value]);
  }
  return head;
}

async function* concatenate(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function summarize(pieces: AsyncIterable<Uint8Array>): Pick<FetchedFile, 'content' | 'summary'> {
  const hash = createHash('sha256');
  let byteSize = 0;
  let checksum: string | null = null;

  async function* observe(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      hash.update(piece);
      byteSize += piece.length;
      yield piece;
    }
    checksum = hash.digest('hex');
  }

  return {
    content: observe(),
    summary() {
      if (checksum === null) throw new Error('The file was not read to its end.');
      return { byteSize, checksum };
    },
  };
}

function tooLarge(maxBytes: number): FetchFileError {
  const message = `The file is larger than ${maxBytes} bytes, the largest that is kept.`;
  return new FetchFileError('TOO_LARGE', message);
}

function wrongType(message: string): FetchFileError {
  return new FetchFileError('WRONG_TYPE', message);
}
