import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { sendNodeResponse } from '@whatwg-node/server';
import type { ExecutionResult } from 'graphql';
import { type FetchAPI, processRegularResult } from 'graphql-yoga';
import { textOfResult } from '../../execution/compiled-result.ts';
import { acceptsEncoding, type JsonMediaType } from '../request/acceptable.ts';
import { answer } from '../request/answer.ts';

/** Below, compressing takes longer than sending. */
const minCompressedLength = 4_096;
/** Half a millisecond for a page of 100 tasks, to a fifth; the best level takes twice as long to save a twentieth more. */
const level = constants.Z_BEST_SPEED;
const compress = promisify(gzip);

export type Answered = { request: IncomingMessage; response: ServerResponse; compression: boolean };

/** Answers a result as one JSON text. Statuses and headers that errors bring along are as Yoga has them. */
export async function answerResult(
  answered: Answered,
  result: ExecutionResult,
  { fetchAPI, mediaType }: { fetchAPI: FetchAPI; mediaType: JsonMediaType },
): Promise<void> {
  if (result.errors) return await answerAsYoga(answered, processRegularResult(result, fetchAPI, mediaType));
  await answerText(answered, 200, { contentType: `${mediaType}; charset=utf-8`, body: textOfResult(result) });
}

/** What Yoga answers: streams as they are. */
export async function answerAsYoga(answered: Answered, from: Response): Promise<void> {
  const { request, response } = answered;
  const contentType = from.headers.get('content-type') ?? '';
  if (!/^application\/(graphql-response\+)?json;/.test(contentType)) {
    response.setHeader('Cache-Control', 'no-store');
    return await sendNodeResponse(from, response, request, true);
  }
  const headers = Object.fromEntries([...from.headers].filter(([name]) => !/^content-/i.test(name)));
  await answerText(answered, from.status, { contentType, headers, body: await from.text() });
}

type Text = { contentType: string; body: string; headers?: OutgoingHttpHeaders };

async function answerText({ request, response, compression }: Answered, status: number, text: Text): Promise<void> {
  const isLong = compression && text.body.length >= minCompressedLength;
  if (isLong) response.appendHeader('Vary', 'Accept-Encoding');
  if (!isLong || !acceptsEncoding(request, 'gzip')) return answer(response, status, text);
  const body = await compress(text.body, { level });
  answer(response, status, { ...text, body, headers: { ...text.headers, 'Content-Encoding': 'gzip' } });
}
