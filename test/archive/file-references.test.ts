import { join } from 'node:path';
import { v7 as createId } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import { insertTask } from '../../src/store/insert-task.ts';
import { namedCallers, callAs, type NamedCaller } from '../access/named-callers.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

const result = `
  __typename
  ... on InvalidInputError {
    issues {
      path
      code
    }
  }
`;
const createImage = `
  mutation ($input: CreateImageTaskInput!) {
    created: createImageTask(input: $input) { ${result} ... on CreateImageTaskPayload { task { id } } }
  }
`;
const createVideo = `
  mutation ($input: CreateVideoTaskInput!) {
    created: createVideoTask(input: $input) { ${result} ... on CreateVideoTaskPayload { task { id } } }
  }
`;
const show = `
  query ($id: ID!) {
    task(id: $id) {
      ... on AigcTask {
        status
        failure {
          code
          upstreamCode
        }
        files {
          id
          archived
        }
      }
      ... on VideoTask {
        request {
          firstFrame
          referenceImages {
            url
            fileId
          }
        }
      }
    }
  }
`;

type Answer = {
  created: { __typename: string; task: { id: string }; issues?: unknown };
  task: { status: string; files: { id: string; archived: boolean }[] };
};

let directory: Awaited<ReturnType<typeof createTemporaryDirectory>>;
let gateway: TestGateway;
let ada: NamedCaller;
let image: string;

const archiveAt = (path: string) => ({
  archive: {
    place: { kind: 'folder' as const, path },
    maxFileBytes: 100_000_000,
    retentionDays: null,
    urlSecrets: null,
  },
});

async function ask(caller: NamedCaller, query: string, variables: object): Promise<Answer> {
  const text = await caller.ask(query, variables);
  return JSON.parse(text.slice(text.indexOf('{'))).data;
}

const issuesOf = async (caller: NamedCaller, query: string, input: object): Promise<unknown> =>
  (await ask(caller, query, { input })).created.issues;

/** The file of a new image, once it is kept. */
async function makeImage(caller: NamedCaller): Promise<string> {
  const { created } = await ask(caller, createImage, { input: { prompt: 'a lighthouse' } });
  const read = async () => (await ask(caller, show, { id: created.task.id })).task;
  await until(async () => (await read()).files[0]?.archived === true);
  return (await read()).files[0]?.id ?? '';
}

beforeAll(async () => {
  directory = await createTemporaryDirectory();
  const archive = archiveAt(join(directory.path, 'archive'));
  gateway = await startTestGateway(archive, { authentication: namedCallers });
  ada = callAs('ada', gateway.url);
  image = await makeImage(ada);
});
afterAll(async () => {
  await ada[Symbol.asyncDispose]();
  await gateway[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

test('a result becomes the reference of another task, by a URL that can be fetched', async () => {
  const input = { prompt: 'waves', referenceImages: [{ fileId: image }], firstFrame: `aigc-file:${image}` };
  const { created } = await ask(ada, createVideo, { input });
  const read = () => ask(ada, show, { id: created.task.id });
  await until(async () => (await read()).task.status === 'DONE');
  expect((await read()).task).toMatchObject({
    request: {
      firstFrame: `aigc-file:${image}`,
      referenceImages: [{ url: `aigc-file:${image}`, fileId: image }],
    },
  });

  const sent = gateway.gateway.sandbox?.tasks().find(({ request }) => request.Prompt === 'waves')?.request;
  const text = JSON.stringify(sent);
  expect(text).not.toContain('aigc-file');
  const urls = [...text.matchAll(/http:[^"]+/g)].map(([url]) => url);
  expect(urls).toHaveLength(2);
  for (const url of urls) {
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/png']);
    // The vendor may begin with it in two days.
    const lifeMs = Number(new URL(url).searchParams.get('expires')) * 1_000 - Date.now();
    expect(lifeMs).toBeGreaterThan(71 * 3_600_000);
  }
});

test('a task whose reference is gone when its turn comes ends as refused, and is not sent', async () => {
  await using database = createDatabase({ connectionString: gateway.config.databaseUrl ?? '' }, silentLogger);
  const id = createId();
  const request = { kind: 'VIDEO', prompt: 'too late', firstFrame: `aigc-file:${createId()}_0` } as const;
  const common = { owner: 'ada', account: 'sandbox/-/test', warnings: [], retryOf: null, idempotencyKey: null };
  await insertTask(database, { ...common, id, kind: 'VIDEO', mode: 'IMAGE_TO_VIDEO', request, requestHash: '' });
  const read = () => ask(ada, show, { id });
  await until(async () => (await read()).task.status === 'FAIL');
  expect((await read()).task).toMatchObject({ failure: { code: 'REJECTED', upstreamCode: 'FILE_GONE' } });
  expect(gateway.gateway.sandbox?.tasks().filter((made) => made.request.Prompt === 'too late')).toEqual([]);
});

describe('is refused, at its place in the input, and nothing is sent:', () => {
  const place = ['referenceImages', '0', 'fileId'];

  test('both a URL and a result, or neither', async () => {
    const both = { prompt: 'x', referenceImages: [{ fileId: image, url: 'https://example.com/a.png' }] };
    expect(await issuesOf(ada, createImage, both)).toEqual([{ path: place, code: 'NOT_ALLOWED' }]);
    const neither = { prompt: 'x', referenceImages: [{}] };
    expect(await issuesOf(ada, createImage, neither)).toEqual([
      { path: ['referenceImages', '0', 'url'], code: 'REQUIRED' },
    ]);
  });

  test.each(['unknown', 'unknown_0', 'not_an_id'])('a result that there is not (%s)', async (fileId) => {
    const issues = await issuesOf(ada, createImage, { prompt: 'x', referenceImages: [{ fileId }] });
    expect(issues).toEqual([{ path: place, code: 'NOT_ALLOWED' }]);
    expect(gateway.gateway.sandbox?.tasks().filter(({ request }) => request.Prompt === 'x')).toEqual([]);
  });

  test('another owner’s, exactly as one that there is not', async () => {
    await using eve = callAs('eve', gateway.url);
    const foreign = await issuesOf(eve, createImage, { prompt: 'x', referenceImages: [{ fileId: image }] });
    expect(foreign).toEqual([{ path: place, code: 'NOT_ALLOWED' }]);
    const unknown = await issuesOf(eve, createImage, { prompt: 'x', referenceImages: [{ fileId: 'unknown_0' }] });
    expect(unknown).toEqual(foreign);
  });

  test('an image where a video belongs', async () => {
    const input = { prompt: 'x', referenceVideos: [{ fileId: image }] };
    expect(await issuesOf(ada, createVideo, input)).toContainEqual({
      path: ['referenceVideos', '0', 'fileId'],
      code: 'NOT_ALLOWED',
    });
  });

  test('any, where nothing is kept', async () => {
    await using without = await startTestGateway({}, { authentication: namedCallers });
    await using caller = callAs('ada', without.url);
    const input = { prompt: 'x', referenceImages: [{ fileId: image }] };
    expect(await issuesOf(caller, createImage, input)).toEqual([{ path: place, code: 'NOT_ALLOWED' }]);
  });
});
