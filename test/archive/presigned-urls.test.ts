import { expect, test } from 'vitest';
import { ArchiveStoreError, type PresignOptions } from '../../src/archive/archive-store.ts';
import { createServing } from '../../src/archive/serving.ts';
import { createUrlSignature } from '../../src/archive/url-signature.ts';
import type { ArchivedFile } from '../../src/domain/task/archived-file.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createManualClock } from '../support/manual-clock.ts';

const hourMs = 3_600_000;
const noon = Date.UTC(2026, 0, 15, 12);

const fileOf = (index: number): { id: string; archived: ArchivedFile } => ({
  id: `task_${index}`,
  archived: {
    key: `task/${index}.png`,
    contentType: 'image/png',
    byteSize: 1,
    checksum: 'a',
    width: 1,
    height: 1,
    duration: null,
  },
});

/** Over a store whose signing can be counted, and can fail. */
function open() {
  const clock = createManualClock(noon + 20 * 60_000);
  const signed: PresignOptions[] = [];
  let isBroken = false;
  const { urlOf, loanOf } = createServing({
    store: {
      pathOf: () => null,
      async presign(key, options) {
        if (isBroken) throw new ArchiveStoreError('PRESIGN_FAILED', 'There are no credentials.');
        signed.push(options);
        return `https://store.example/${key}?until=${options.expiresAt.getTime()}`;
      },
    },
    signature: createUrlSignature([Buffer.from('secret')]),
    publicUrl: () => 'https://tasks.example.com',
    findArchivedFile: async () => null,
    clock,
    logger: silentLogger,
  });
  return {
    clock,
    signed,
    urlOf: async (index: number) => await urlOf(fileOf(index)),
    loanOf: async (index: number) => await loanOf(fileOf(index)),
    setBroken: (to: boolean) => (isBroken = to),
  };
}

test('a file is signed for once an hour, however often it is looked at, for a day from the hour’s beginning', async () => {
  const { clock, signed, urlOf } = open();
  const expiresAt = new Date(noon + 24 * hourMs);
  const url = `https://store.example/task/1.png?until=${expiresAt.getTime()}`;
  expect(await urlOf(1)).toEqual({ url, expiresAt });
  expect(await urlOf(1)).toEqual({ url, expiresAt });
  expect(signed).toEqual([
    { at: new Date(noon), expiresAt, contentType: 'image/png', fileName: 'task_1.png', asAttachment: false },
  ]);
  await urlOf(2);
  await clock.advance(40 * 60_000);
  expect(await urlOf(1)).toMatchObject({ expiresAt: new Date(noon + 25 * hourMs) });
  expect(signed).toHaveLength(3);
});

test('a loan works for three days, and is another URL than the one of a day', async () => {
  const { urlOf, loanOf } = open();
  const ofDay = await urlOf(1);
  expect(await loanOf(1)).toMatchObject({ expiresAt: new Date(noon + 73 * hourMs) });
  expect(await urlOf(1)).toEqual(ofDay);
});

test('where no URL can be made there is none, for the moment', async () => {
  const { urlOf, setBroken } = open();
  setBroken(true);
  expect(await urlOf(1)).toBeNull();
  setBroken(false);
  expect(await urlOf(1)).not.toBeNull();
});

test('more files than are remembered are signed for all the same', async () => {
  const { signed, urlOf } = open();
  for (let index = 0; index < 10_001; index += 1) await urlOf(index);
  expect(await urlOf(10_000)).not.toBeNull();
  expect(signed).toHaveLength(10_001);
});
