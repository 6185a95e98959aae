import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Signing } from './signed-call.ts';
import { startTestSandbox, type TestSandbox } from './test-sandbox.ts';

let running: TestSandbox;
beforeAll(async () => {
  running = await startTestSandbox();
});
afterAll(() => running[Symbol.asyncDispose]());

async function codeOf(signing: Signing): Promise<string | undefined> {
  const answer = await running.call('CreateAigcImageTask', { Prompt: 'a fox' }, signing);
  return answer.Error?.Code;
}

const nowS = () => running.clock.now() / 1000;

describe('a signature is accepted', () => {
  it.each<[string, () => Signing]>([
    ['over the host without its port', () => ({})],
    ['over the host with its port', () => ({ signedHost: new URL(running.sandbox.endpoint).host })],
    [
      'over more headers than the two that it must cover',
      () => ({ signedHeaders: ['content-type', 'host', 'x-tc-action'] }),
    ],
    ['up to five minutes early', () => ({ timestampS: nowS() - 300 })],
    ['up to five minutes late', () => ({ timestampS: nowS() + 300 })],
  ])('%s', async (_name, signing) => {
    expect(await codeOf(signing())).toBeUndefined();
  });
});

describe('a call is refused', () => {
  it.each<[string, string, () => Signing]>([
    ['AuthFailure.SecretIdNotFound', 'with a SecretId nobody knows', () => ({ secretId: 'nobody' })],
    ['AuthFailure.SignatureFailure', 'signed with another key', () => ({ secretKey: 'wrong' })],
    ['AuthFailure.SignatureFailure', 'signed over another host', () => ({ signedHost: 'elsewhere.example' })],
    ['AuthFailure.SignatureFailure', 'whose scope is of another day', () => ({ date: '2020-01-01' })],
    [
      'AuthFailure.SignatureFailure',
      'whose signed header was changed on the way',
      () => ({
        signedHeaders: ['content-type', 'host', 'x-tc-action'],
        headers: { 'x-tc-action': 'DescribeAigcImageTask' },
      }),
    ],
    ['AuthFailure.SignatureExpire', 'more than five minutes old', () => ({ timestampS: nowS() - 301 })],
    ['AuthFailure.SignatureExpire', 'more than five minutes ahead', () => ({ timestampS: nowS() + 301 })],
    ['AuthFailure.InvalidAuthorization', 'without Authorization', () => ({ headers: { authorization: null } })],
    ['AuthFailure.InvalidAuthorization', 'with another scheme', () => ({ headers: { authorization: 'Bearer abc' } })],
    ['AuthFailure.InvalidAuthorization', 'signed for another service', () => ({ service: 'cvm' })],
    ['AuthFailure.InvalidAuthorization', 'that leaves the host unsigned', () => ({ signedHeaders: ['content-type'] })],
    ['AuthFailure.TokenFailure', 'with a token nobody gave out', () => ({ headers: { 'x-tc-token': 'made-up' } })],
    ['MissingParameter', 'without a timestamp', () => ({ headers: { 'x-tc-timestamp': null } })],
    ['InvalidParameter', 'with a timestamp in words', () => ({ headers: { 'x-tc-timestamp': 'now' } })],
    ['MissingParameter', 'without an action', () => ({ headers: { 'x-tc-action': null } })],
    ['MissingParameter', 'without a version', () => ({ headers: { 'x-tc-version': null } })],
    ['NoSuchVersion', 'for another version', () => ({ version: '2018-07-17' })],
  ])('%s: %s', async (code, _name, signing) => {
    expect(await codeOf(signing())).toBe(code);
  });

  it('InvalidAction: for an action that is not one of the six', async () => {
    expect((await running.call('DeleteEverything', {})).Error?.Code).toBe('InvalidAction');
    expect((await running.call('constructor', {})).Error?.Code).toBe('InvalidAction');
  });

  it('creates nothing', async () => {
    const before = running.sandbox.tasks().length;
    await codeOf({ secretKey: 'wrong' });
    expect(running.sandbox.tasks()).toHaveLength(before);
  });
});

it('asks for the token of temporary credentials', async () => {
  const credentials = { secretId: 'temporary', secretKey: 'key', token: 'token' };
  await using temporary = await startTestSandbox({ credentials });
  const callWith = (headers: Record<string, string>) =>
    temporary.call('CreateAigcImageTask', { Prompt: 'a fox' }, { ...credentials, headers });
  expect((await callWith({ 'x-tc-token': 'token' })).TaskId).toBeDefined();
  expect((await callWith({})).Error?.Code).toBe('AuthFailure.TokenFailure');
});
