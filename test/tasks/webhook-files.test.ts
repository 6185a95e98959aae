import { expect, test } from 'vitest';
import { createResultUrlCheck } from '../../src/domain/task/result-url.ts';
import type { FilesExpiry, ResultFile } from '../../src/domain/task/task.ts';
import { findWebhookFiles } from '../../src/tasks/webhook-files.ts';
import { imageTask } from '../schema/in-memory-use-cases.ts';
import { createManualClock } from '../support/manual-clock.ts';

const publicUrl = 'https://cos.example.com/1.png';
const privateUrl = 'http://10.0.0.7/1.png';
const tomorrow: FilesExpiry = { kind: 'at', at: new Date('2026-01-16T12:00:00Z') };

/** What a webhook hands out of these results, and which URLs were tried for that. */
async function handOut(filesExpiry: FilesExpiry, urls: readonly string[]) {
  const tried: string[] = [];
  const files: ResultFile[] = urls.map((url) => ({ type: 'IMAGE', url, duration: null }));
  const means = {
    clock: createManualClock(),
    findFileUrl: () => null,
    isUsableFileUrl: createResultUrlCheck([]),
    tryFileUrl: async (url: string) => {
      tried.push(url);
      return new Date();
    },
  };
  const handedOut = await findWebhookFiles(means, imageTask(1, { files, filesExpiry }));
  return { urls: handedOut.map(({ url }) => url), tried };
}

test.each<[string, FilesExpiry]>([
  ['that live until tomorrow', tomorrow],
  ['that never expire', { kind: 'never' }],
])('of results %s, one in a private network is not told to a webhook', async (_what, expiry) => {
  expect(await handOut(expiry, [publicUrl, privateUrl])).toEqual({ urls: [publicUrl, null], tried: [] });
});

test('a result in a private network whose expiry nobody knows is not even tried', async () => {
  const { urls, tried } = await handOut({ kind: 'unknown' }, [publicUrl, privateUrl]);
  expect({ urls, tried }).toEqual({ urls: [publicUrl, null], tried: [publicUrl] });
});
