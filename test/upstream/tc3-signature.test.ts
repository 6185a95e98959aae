import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { createTc3Signer } from '../../src/upstream/tc3-signature.ts';

// Required, not imported: Node and Vitest don't agree on where the default export of such a module is.
// oxlint-disable-next-line consistent-type-imports -- the type of what is required
const { default: vendor }: typeof import('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js') = createRequire(
  import.meta.url,
)('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js');

const credentials = { secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE' };
const payloads: [string, object][] = [
  ['an empty object', {}],
  ['a task id', { TaskId: '4-AigcImage-c3b145ec76' }],
  ['Chinese and emoji', { Prompt: '一只在雨中跳舞的小猫 🐈‍⬛', ModelName: 'Hunyuan' }],
  [
    'nested fields',
    { ExtraParameters: { LogoAdd: 0, Resolution: '4K' }, ImageInfos: [{ ImageUrl: 'https://a.example/é?x=1&y=2' }] },
  ],
  ['line breaks and quotes', { Prompt: 'one\r\ntwo "three" \\ four\u2028' }],
];
const moments: [string, number][] = [
  ['the last second of a day', Date.UTC(2026, 1, 28, 23, 59, 59) / 1000],
  ['the first second of a day', Date.UTC(2026, 2, 1) / 1000],
];
const cases = payloads.flatMap(([what, payload]) =>
  moments.map(([when, timestamp]) => ({ what, payload, when, timestamp })),
);

test.each(cases)("signs $what in $when as the vendor's own SDK does", ({ payload, timestamp }) => {
  const contentType = 'application/json';
  const body = JSON.stringify(payload);

  const ours = createTc3Signer(credentials)({
    hostname: 'mps.intl.tencentcloudapi.com',
    contentType,
    body,
    timestamp,
  });

  const theirs = vendor.sign3({
    ...credentials,
    url: 'https://mps.intl.tencentcloudapi.com:4001/',
    payload: Buffer.from(body), // signed as it is: serialised by the SDK, some characters would be escaped
    timestamp,
    service: 'mps',
    multipart: false,
    boundary: '',
    headers: { 'Content-Type': contentType },
  });
  expect(ours).toBe(theirs);
});
