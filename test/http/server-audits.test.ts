import { type Audit, serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKeyFor } from '../support/api-keys.ts';
import { openAccess, startTestGateway, type TestGateway } from '../support/gateway.ts';

/**
 * Options of the specification that are left aside on purpose: they are all about GET. Other sites can make a browser
 * send one, and its address, with prompts in it, ends in logs and histories.
 */
const leftAside = new Map([
  ['5A70', 'MAY accept application/x-www-form-urlencoded formatted GET requests'],
  [
    'D6D5',
    'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  ],
  ['6A70', 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json'],
]);

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startTestGateway({ access: { ...openAccess, modes: ['api-key'] } });
  key = await makeKeyFor(gateway, 'auditor');
});
afterAll(() => gateway[Symbol.asyncDispose]());

function fetchAsCaller(url: string, request: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    ...request,
    headers: { ...Object.fromEntries(new Headers(request.headers)), authorization: `Bearer ${key}` },
  });
}

async function statusOf({ fn }: Audit): Promise<string> {
  const result = await fn();
  return result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`;
}

const audits = serverAudits({ url: () => `${gateway.url}/graphql`, fetchFn: fetchAsCaller });

describe('a server of GraphQL over HTTP', () => {
  for (const audit of audits.filter(({ id }) => !leftAside.has(id))) {
    test(`${audit.name} (${audit.id})`, async () => expect(await statusOf(audit)).toBe('ok'));
  }
});

describe('left aside', () => {
  for (const [id, name] of leftAside) {
    test(`${name} (${id})`, async () => {
      const audit = audits.find((one) => one.id === id);
      expect(audit?.name).toBe(name);
      // A notice is what the failure of an option amounts to.
      expect(audit && (await statusOf(audit))).toBe('notice: Response status code is not 200');
    });
  }
});
