import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { maxRequestBytes } from '../../src/http/request/request-body.ts';
import { cancelTask, followTask, listTasks, readTask } from '../support/documents.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

let running: TestGateway;

beforeAll(async () => {
  running = await startTestGateway();
});

afterAll(() => running[Symbol.asyncDispose]());

afterEach(expectNothingDone);

const createImageText = `mutation ($input: CreateImageTaskInput!) {
  createImageTask(input: $input) { __typename ... on InvalidInputError { issues { path code message } } }
}`;

describe('a create with a bad input says which field and what is allowed:', () => {
  test.each([
    {
      fault: 'no prompt and no reference image',
      input: {},
      issue: { path: ['prompt'], code: 'REQUIRED', message: 'An image needs a prompt or a reference image.' },
    },
    {
      fault: 'a blank prompt',
      input: { prompt: ' \n' },
      issue: { path: ['prompt'], code: 'REQUIRED', message: /^The text is blank/ },
    },
    {
      fault: 'a prompt over the limit',
      input: { prompt: '猫'.repeat(1_001) },
      issue: { path: ['prompt'], code: 'TOO_LONG', message: /has 1001 characters; the upstream takes at most 1000\.$/ },
    },
    {
      fault: 'a reference that is no http URL',
      input: { referenceImages: [{ url: 'ftp://example.com/a.png' }] },
      issue: { path: ['referenceImages', '0', 'url'], code: 'NOT_A_URL', message: /absolute http or https URL/ },
    },
    {
      fault: 'a reference in a private network',
      input: { referenceImages: [{ url: 'http://192.168.0.10/a.png' }] },
      issue: { path: ['referenceImages', '0', 'url'], code: 'PRIVATE_ADDRESS', message: /Only public addresses/ },
    },
    {
      fault: "a reference to a cloud's metadata, spelled as a number",
      input: { referenceImages: [{ url: 'http://2852039166/latest/meta-data' }] },
      issue: { path: ['referenceImages', '0', 'url'], code: 'PRIVATE_ADDRESS', message: /Only public addresses/ },
    },
    {
      fault: 'no image asked for',
      input: { prompt: 'a lighthouse', outputImageCount: 0 },
      issue: { path: ['outputImageCount'], code: 'OUT_OF_RANGE', message: /at least 1/ },
    },
  ])('$fault', async ({ input, issue }) => {
    const { data } = await post(JSON.stringify({ query: createImageText, variables: { input } }));
    const issues = [{ ...issue, message: expect.stringMatching(issue.message) }];
    expect(data).toEqual({ createImageTask: { __typename: 'InvalidInputError', issues } });
  });
});

test('a whole number that would lose digits is refused, in variables and in the document', async () => {
  const number = '12345678901234567890';
  const query = JSON.stringify(createImageText);
  const variables = `{ "input": { "prompt": "a lighthouse", "additionalParameters": { "ab": [${number}] } } }`;
  const literal = createImageText
    .replace('($input: CreateImageTaskInput!)', '')
    .replace('$input', `{ prompt: "a lighthouse", additionalParameters: { ab: [${number}] } }`);
  const path = ['additionalParameters', 'ab', '0'];
  const issues = [{ path, code: 'MALFORMED', message: expect.stringContaining('send this one as text') }];
  for (const body of [`{ "query": ${query}, "variables": ${variables} }`, JSON.stringify({ query: literal })]) {
    expect((await post(body)).data).toEqual({ createImageTask: { __typename: 'InvalidInputError', issues } });
  }
});

describe('a variable of the wrong type is answered with 400 and named:', () => {
  test.each([
    ['a number as prompt', { prompt: 3 }, / at \.prompt: String cannot represent a non string value: 3$/],
    ['an unknown field', { promt: 'a lighthouse' }, /unknown field "promt"\. Did you mean "prompt"\?/],
    ['an unknown enum value', { prompt: 'a', outputFormat: 'GIF' }, /"GIF" does not exist in "ImageFormat" enum/],
    ['nothing', undefined, /"\$input" .* non-null type "CreateImageTaskInput!" to be provided/],
  ])('%s', async (_, input, message) => {
    const { status, errors } = await post(JSON.stringify({ query: createImageText, variables: { input } }));
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('a body that is no request is answered by a status of its own:', () => {
  test.each([
    ['broken JSON', '{"query": "{ tasks', 400, 'The body is not valid JSON.'],
    ['a batch', '[{"query":"{ __typename }"}]', 400, /^Send one JSON object .* Wrong here: body\.$/],
    ['no query', '{"variables": {}}', 400, /^Send one JSON object .* Wrong here: query\.$/],
    ['too many bytes', 'x'.repeat(maxRequestBytes + 1), 413, `The body is longer than ${maxRequestBytes} bytes.`],
  ])('%s', async (_, body, expectedStatus, message) => {
    const { status, errors } = await post(body);
    expect(status).toBe(expectedStatus);
    expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('a form', async () => {
    const { status, errors } = await post('query=mutation', 'application/x-www-form-urlencoded');
    expect(status).toBe(415);
    expect(errors).toMatchObject([{ message: expect.stringContaining('application/json') }]);
  });
});

describe('an operation over a limit says which limit, and creates nothing although it contains a create:', () => {
  const create = 'createImageTask(input: { prompt: "a lighthouse" }) { ... on CreateImageTaskPayload { task';
  test.each([
    ['depth', `mutation { ${create} { ${nest('retryOf { ... on AigcTask {', 12, 'id', '} }')} } } } }`],
    ['breadth', `mutation { ${create} { ${aliases(501, 'id')} } } } }`],
    ['complexity', `mutation { ${aliases(50, `${create} { id } } }`)} }`],
  ])('%s', async (limit, query) => {
    const { errors } = await post(JSON.stringify({ query }));
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(new RegExp(`^The operation's ${limit} is \\d+, more than the \\d+ allowed\\.`)),
      extensions: { code: 'TOO_COMPLEX', limit },
    });
  });
});

test('an unknown id finds nothing, whatever it looks like', async () => {
  for (const id of [
    'unknown',
    '',
    '01890a5d-ac96-774b-bcce-b302099a8057',
    `'; drop table task; --`,
    '4-AigcImage-00',
  ]) {
    expect(await running.ask(readTask, { id })).toEqual({ task: null });
    expect((await running.ask(cancelTask, { id })).cancelTask).toMatchObject({
      __typename: 'TaskNotFoundError',
    });
    const { value } = await running.watch(followTask, { id }).next();
    expect(value).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  }
});

async function expectNothingDone(): Promise<void> {
  const { tasks } = await running.ask(listTasks, {});
  expect(tasks?.totalCount, 'recorded tasks').toBe(0);
  expect(running.gateway.sandbox?.tasks(), 'tasks sent upstream').toEqual([]);
}

async function post(body: string, contentType = 'application/json') {
  const response = await fetch(`${running.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  const { data, errors }: { data?: unknown; errors?: unknown[] } = JSON.parse(await response.text());
  return { status: response.status, data, errors };
}

function nest(open: string, times: number, inner: string, close: string): string {
  return open.repeat(times) + inner + close.repeat(times);
}

function aliases(count: number, field: string): string {
  return Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');
}
