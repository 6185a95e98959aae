import { describe, expect, test } from 'vitest';
import { createResultUrlCheck, isUsableResultUrl, resultUrlWarnings } from '../../src/domain/task/result-url.ts';

const usable = [
  'https://bucket-1250000000.cos.ap-singapore.myqcloud.com/aigc/1.png?q-sign-time=1;2&q-signature=0a',
  'http://1250000000.vod2.myqcloud.com/1/2.mp4',
  'https://8.8.8.8/1.png',
  'https://[2606:4700::6810:85e5]:8443/1.png',
  `https://cos.example.com/${'x'.repeat(4_000)}.png`,
];

const unusable = [
  'http://127.0.0.1:4001/1.png',
  'http://localhost/1.png',
  'http://[::1]/1.png',
  'https://10.1.2.3/1.png',
  'https://0xa.1/1.png',
  'https://192.168.0.1/1.png',
  'https://169.254.169.254/latest/meta-data',
  'https://[fe80::1]/1.png',
  'https://[::ffff:10.0.0.1]/1.png',
  'https://results.internal/1.png',
  'https://10-1-2-3.nip.io/1.png',
  'https://user:secret@cos.example.com/1.png',
  'ftp://cos.example.com/1.png',
  'file:///etc/passwd',
  'data:image/png;base64,AAAA',
  'javascript:alert(1)',
  '/1.png',
  '',
];

describe.each([
  ['judged alone', (url: string, origins: readonly string[]) => isUsableResultUrl(url, origins)],
  ['judged with a memory', (url: string, origins: readonly string[]) => createResultUrlCheck(origins)(url)],
])('a result URL, %s,', (_how, judge) => {
  test.each(usable)('%s may be handed out', (url) => expect(judge(url, [])).toBe(true));

  test.each(unusable)('%s may not', (url) => expect(judge(url, [])).toBe(false));

  test('of a sandbox may be handed out, under any name of this machine', () => {
    for (const sandbox of ['http://127.0.0.1:4001', 'http://localhost:4001', 'http://[::1]:1']) {
      expect(judge('http://127.0.0.1:4001/1.png', [sandbox])).toBe(true);
      expect(judge('http://localhost:4001/1.png', [sandbox])).toBe(true);
      expect(judge('http://10.0.0.1:4001/1.png', [sandbox])).toBe(false);
    }
    expect(judge('http://10.0.0.1:4001/1.png', ['http://10.0.0.1:4001'])).toBe(true);
    expect(judge('http://127.0.0.1:4001/1.png', ['http://10.0.0.1:4001'])).toBe(false);
  });
});

test('what is remembered of one host says nothing of another', () => {
  const isUsable = createResultUrlCheck([]);
  for (let round = 0; round < 2; round += 1) {
    for (let number = 0; number < 1_500; number += 1) {
      expect(isUsable(`https://${number}.example.com/1.png`)).toBe(true);
      expect(isUsable(`https://${number}.internal/1.png`)).toBe(false);
    }
    expect(isUsable('https://cos.example.com@10.0.0.1/1.png')).toBe(false);
    expect(isUsable('https://cos.example.com\\@10.0.0.1/1.png')).toBe(true);
  }
});

test('each result that has no usable URL is warned of, unless it is archived', () => {
  const file = (url: string) => ({ type: 'IMAGE' as const, url, duration: null });
  const archived = {
    key: 'k',
    contentType: 'image/png',
    byteSize: 1,
    checksum: 'c',
    width: 1,
    height: 1,
    duration: null,
  };
  const isUsable = createResultUrlCheck([]);
  const good = file('https://cos.example.com/1.png');
  const bad = file('http://10.0.0.1/1.png');
  expect(resultUrlWarnings([good, { ...bad, archived }, bad], isUsable)).toEqual([
    expect.stringContaining('result 3 '),
  ]);
  expect(resultUrlWarnings([bad], isUsable)).toEqual([expect.stringContaining('the result ')]);
  expect(resultUrlWarnings([good], isUsable)).toEqual([]);
});
