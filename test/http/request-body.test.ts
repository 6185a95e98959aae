import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { readJsonBody } from '../../src/http/request/request-body.ts';

test('a request whose caller left before its body is read is not waited for', async () => {
  const request = new IncomingMessage(new Socket());
  request.headers = { 'content-type': 'application/json', 'content-length': '2' };
  request.destroy();
  await expect(readJsonBody(request)).rejects.toThrow('ended before its body was read');
});
