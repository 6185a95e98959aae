import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

type Content = { contentType: string; body: string | Buffer; headers?: OutgoingHttpHeaders };

export function answer(response: ServerResponse, status: number, { contentType, body, headers }: Content): void {
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    ...headers,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  answer(response, status, { contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) });
}

export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  headers?: OutgoingHttpHeaders,
): void {
  answer(response, status, {
    contentType: 'text/plain; charset=utf-8',
    body: `${text}\n`,
    ...(headers && { headers }),
  });
}
