import * as z from 'zod';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openSocket } from '../http/socket.ts';
import { listTasks } from '../support/documents.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { findStringInputs, operationWith, type StringInput } from './string-inputs.ts';
import { overEventStream, overHttp, overWebSocket, type Answer } from './transports.ts';

let running: TestGateway;
beforeAll(async () => {
  running = await startTestGateway();
});
afterAll(() => running[Symbol.asyncDispose]());

afterEach(expectNothingDone);

async function expectNothingDone(): Promise<void> {
  expect((await running.ask(listTasks, {})).tasks?.totalCount).toBe(0);
  expect(running.gateway.sandbox?.tasks()).toEqual([]);
}

const issues = z.array(z.object({ path: z.array(z.string()), code: z.string() }));
const result = z.object({ __typename: z.string(), issues: issues.default([]) });

/** What a caller is told: the code of an error, the type of a mutation's result, or that there is nothing. */
function outcomeOf({ field }: StringInput, { data, errors: [error] }: Answer) {
  const told = result.safeParse([data?.[field.name]].flat()[0]).data ?? { __typename: 'nothing', issues: [] };
  return { outcome: error?.extensions.code ?? told.__typename, issues: told.issues };
}

const inputs = findStringInputs().map((input) => ({ ...input, place: `${input.field.name}: ${input.path.join('.')}` }));
const urlInputs = inputs.filter(({ path }) => /Frame$|\.url$|reference(?:Audios|Videos)\.0$/.test(path.join('.')));

describe('text that PostgreSQL cannot store is refused as the mistake it is, over either transport, in', () => {
  const unstorable = ['a NUL: \0', 'half a pair: \uD83D', 'the other half: \uDC31.'];
  const valuesFor = ({ path }: StringInput): unknown[] =>
    path.at(-1) === 'additionalParameters'
      ? unstorable.flatMap((text) => [{ key: text }, { [text]: 1 }, { list: [{ [text]: text }] }])
      : unstorable;

  test.for(inputs.filter(({ place }) => place !== 'taskChanges: filter.ids.0'))('$place', async (input) => {
    for (const value of valuesFor(input)) {
      for (const send of [input.kind === 'subscription' ? overEventStream : overHttp, overWebSocket]) {
        const told = outcomeOf(input, await send(running.url, operationWith(input, value)));
        if (input.field.name.startsWith('create')) {
          expect(told.outcome).toBe('InvalidInputError');
          expect(told.issues).toContainEqual({ path: expect.arrayContaining(input.path.slice(1)), code: 'MALFORMED' });
        } else {
          expect(told.outcome).toMatch(/^(?:nothing|NOT_FOUND|BAD_USER_INPUT|\w+NotFoundError|InvalidInputError)$/);
        }
      }
    }
  });

  test('the ids of tasks to hear of, as ids that are not the caller’s: nothing is ever heard of them', async () => {
    const socket = await openSocket(running.url);
    const query = 'subscription ($ids: [ID!]) { taskChanges(filter: { ids: $ids }) { __typename } }';
    for (const [index, text] of unstorable.entries()) {
      socket.say({ type: 'subscribe', id: `ids ${index}`, payload: { query, variables: { ids: [text] } } });
      socket.subscribe(`list ${index}`, '{ tasks { totalCount } }');
      await socket.heard({ type: 'complete', id: `list ${index}` });
    }
    expect(socket.messages.filter(({ id }) => id?.startsWith('ids'))).toEqual([]);
    socket.terminate();
  });
});

describe('a URL into a private network is refused, in any spelling, in', () => {
  const privateUrls = [
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://017700000001/',
    'http://0X7F.0.0.1/',
    'http://0x7f.0.0.0x1./',
    'http://%31%32%37.0.0.1/',
    'http://１２７.０.０.１/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127。0．0｡1/',
    'http://0/',
    'http://10.1.2.3:8080/',
    'http://172.16.0.1/',
    'http://192.168.0.1/',
    'http://100.100.100.200/latest/meta-data/',
    'http://169.254.0.23/latest/meta-data/',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/latest/meta-data/',
    'http://0251.0376.0251.0376/',
    'http://[::1]/',
    'http://[0000:0000:0000:0000:0000:0000:0000:0001]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:FFFF:A9FE:A9FE]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
    'http://[fd00:ec2::254]/',
    'http://[fe80::1]/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.b.localhost:80/',
    'http://ⓛｏｃａｌｈｏｓｔ/',
    'http://local\u00ADhost/',
    'http://xn--ocalhost-uyb.localhost/',
    'http://metadata/computeMetadata/v1/',
    'http://metadata.google.internal./',
    'http://METADATA.tencentyun.com/latest/meta-data/',
    'http://kubernetes.default.svc/',
    'http://169.254.169.254.nip.io/',
    'http://7f000001.sslip.io/',
    'http://localtest.me/',
  ];
  const noUrls = [
    'http://[fe80::1%25eth0]/',
    'http:\\\\127.0.0.1\\',
    'http://example.com\\@127.0.0.1/',
    'http://exam\tple.com/',
    'ftp://example.com/a.png',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    '//127.0.0.1/',
    '127.0.0.1',
  ];
  const withCredentials = [
    'http://example.com@127.0.0.1/',
    'http://127.0.0.1:80@example.com/',
    'https://a:b@10.0.0.1/',
  ];
  const publicUrls = [
    'https://example.com/a.png',
    'http://example.com:8080/a.png?next=http://127.0.0.1/#@localhost',
    'https://EXAMPLE.com./a.png',
    'https://8.8.8.8/a.png',
    'https://134744072/a.png',
    'https://[2606:4700:4700::1111]/a.png',
    'https://127.0.0.1.example.com/a.png',
    'https://bucket-1250000000.cos.ap-guangzhou.myqcloud.com/图.png?sign=a%00b',
  ];

  test('these are the fields that take one', () => {
    expect(urlInputs.map(({ place }) => place)).toMatchInlineSnapshot(`
      [
        "createImageTask: input.referenceImages.0.url",
        "createImageTask: input.webhook.url",
        "createVideoTask: input.firstFrame",
        "createVideoTask: input.lastFrame",
        "createVideoTask: input.referenceImages.0.url",
        "createVideoTask: input.referenceVideos.0.url",
        "createVideoTask: input.referenceAudios.0",
        "createVideoTask: input.webhook.url",
        "createAudioTask: input.referenceAudios.0",
        "createAudioTask: input.referenceVideos.0",
        "createAudioTask: input.webhook.url",
      ]
    `);
  });

  test.for(urlInputs)('$place', async (input) => {
    const codesFor = async (urls: string[]) => {
      const asked = urls.map((url) => overHttp(running.url, operationWith(input, url, ' ')));
      const told = (await Promise.all(asked)).map((answer) => outcomeOf(input, answer).issues);
      return told.map((of, index) => {
        const codes = of.filter(({ path }) => path.join('.') === input.path.slice(1).join('.')).map(({ code }) => code);
        return [urls[index], ...codes];
      });
    };
    expect(await codesFor(privateUrls)).toEqual(privateUrls.map((url) => [url, 'PRIVATE_ADDRESS']));
    expect(await codesFor(noUrls)).toEqual(noUrls.map((url) => [url, 'NOT_A_URL']));
    expect(await codesFor(withCredentials)).toEqual(withCredentials.map((url) => [url, 'NOT_ALLOWED']));
    // A webhook is sent over TLS only.
    const codeOf = (url: string) => (input.path.includes('webhook') && url.startsWith('http:') ? ['NOT_ALLOWED'] : []);
    expect(await codesFor(publicUrls)).toEqual(publicUrls.map((url) => [url, ...codeOf(url)]));
  });
});
