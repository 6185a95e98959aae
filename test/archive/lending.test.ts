import { beforeEach, expect, test } from 'vitest';
import { createLending } from '../../src/archive/lending.ts';
import { createServing } from '../../src/archive/serving.ts';
import { createUrlSignature } from '../../src/archive/url-signature.ts';
import { systemClock } from '../../src/kit/clock.ts';
import { fileIdAt } from '../../src/domain/task/file-id.ts';
import { documentedResultLifeMs } from '../../src/domain/task/following.ts';
import type { TaskRequest } from '../../src/domain/request/request.ts';
import type { FilesExpiry } from '../../src/domain/task/task.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { fileReferenceIssues, lendFiles } from '../../src/tasks/file-references.ts';
import { openArchiving, type TestArchiving } from './open-archiving.ts';

const hourMs = 3_600_000;
const inHours = (hours: number): FilesExpiry => ({ kind: 'at', at: new Date(Date.now() + hours * hourMs) });

/** What is lent of a result to a video, by a gateway that the upstream reaches at `publicUrl`; null when nothing is. */
async function lend(
  { archive, host, dependencies: { database }, getTask }: TestArchiving,
  id: string,
  { offPeak, publicUrl }: { offPeak: boolean; publicUrl: string },
): Promise<string | null> {
  const { loanOf } = createServing({
    store: archive,
    signature: createUrlSignature([Buffer.from('secret')]),
    publicUrl: () => publicUrl,
    findArchivedFile: async () => null,
    clock: systemClock,
    logger: silentLogger,
  });
  const exemptOrigins = [host.origin];
  const times = { resultLifeMs: documentedResultLifeMs, clock: systemClock };
  const lending = { loanOf, reachesPrivate: false, exemptOrigins, ...times };
  const means = { database, lendFile: createLending(lending) };
  const { owner } = await getTask(id);
  const request: TaskRequest = { kind: 'VIDEO', offPeak, firstFrame: `aigc-file:${fileIdAt(id, 0)}` };
  const lent = await lendFiles(means, owner, request);
  const issues = await fileReferenceIssues(means, owner, request);
  expect(issues.length).toBe(lent === null ? 1 : 0);
  return lent?.kind === 'VIDEO' ? (lent.firstFrame ?? null) : null;
}

let archiving: TestArchiving;
beforeEach(async () => {
  archiving = await openArchiving();
  return () => archiving[Symbol.asyncDispose]();
});

const reached = 'https://tasks.example.com';
const notReached = 'http://127.0.0.1:4000';

test('the archive’s copy is lent for 72 hours, off-peak or not', async () => {
  const id = await archiving.doneTask([archiving.host.servePicture('/one.png')]);
  await archiving.run(id);
  for (const offPeak of [false, true]) {
    const url = new URL((await lend(archiving, id, { offPeak, publicUrl: reached })) ?? '');
    expect(url.origin).toBe(reached);
    expect(Number(url.searchParams.get('expires')) * 1_000).toBeGreaterThanOrEqual(Date.now() + 72 * hourMs - 60_000);
  }
});

test('where the upstream can’t reach that, its own URL is lent while it lives, but to no off-peak video', async () => {
  const vendors = archiving.host.servePicture('/one.png');
  const kept = await archiving.doneTask([vendors]);
  await archiving.run(kept);
  const [notYetKept, dying] = [await archiving.doneTask([vendors]), await archiving.doneTask([vendors], inHours(0.5))];
  const all = (offPeak: boolean) =>
    Promise.all([kept, notYetKept, dying].map((id) => lend(archiving, id, { offPeak, publicUrl: notReached })));
  expect(await all(false)).toEqual([vendors, vendors, null]);
  expect(await all(true)).toEqual([null, null, null]);
});

test('nothing in a private network is lent, however long it lives', async () => {
  for (const expiry of [inHours(9), { kind: 'never' } as const]) {
    const id = await archiving.doneTask(['http://10.0.0.7/one.png'], expiry);
    expect(await lend(archiving, id, { offPeak: false, publicUrl: notReached })).toBeNull();
  }
});

test('what lies in the customer’s own bucket never expires, and is lent to any', async () => {
  const url = 'https://results-1250000000.cos.ap-singapore.myqcloud.com/one.png';
  const id = await archiving.doneTask([url], { kind: 'never' });
  for (const offPeak of [false, true]) expect(await lend(archiving, id, { offPeak, publicUrl: reached })).toBe(url);
});
