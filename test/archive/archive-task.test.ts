import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ArchiveStoreError } from '../../src/archive/archive-store.ts';
import { findArchivedFile } from '../../src/store/archiving.ts';
import { addWebhook, openArchiving } from './open-archiving.ts';
import { pictureOf, sendPicture, type ResultHost } from './result-host.ts';

const keyPattern = /^[0-9a-f]{16}\/[0-9a-f-]{36}\/0\.png$/;

test('a file is kept with what it is, which is a change that is told', async () => {
  await using archiving = await openArchiving();
  const id = await archiving.doneTask([archiving.host.servePicture('/one.png')]);
  const before = await archiving.getTask(id);
  expect(await archiving.stateOf(id)).toBe('pending');
  await archiving.run(id);

  const { files, revision, updatedAt } = await archiving.getTask(id);
  const content = pictureOf('/one.png');
  const archived = {
    key: expect.stringMatching(keyPattern),
    contentType: 'image/png',
    byteSize: content.length,
    checksum: createHash('sha256').update(content).digest('hex'),
    width: 4,
    height: 3,
    duration: null,
  };
  expect(files).toEqual([{ type: 'IMAGE', url: `${archiving.host.origin}/one.png`, duration: null, archived }]);
  expect(await archiving.read(files[0]?.archived?.key ?? '')).toEqual(content);
  expect(revision).toBe(before.revision + 1);
  expect(updatedAt.getTime()).toBeGreaterThanOrEqual(before.updatedAt.getTime());
  expect(archiving.changes).toEqual([{ id, owner: before.owner, revision, hasWebhook: false }]);
  expect(archiving.outcomes).toEqual(['kept']);
  expect(await archiving.stateOf(id)).toBe('kept');
  expect(await findArchivedFile(archiving.store.database, id, 0)).toEqual(files[0]?.archived);
  expect(await findArchivedFile(archiving.store.database, id, 1)).toBeNull();
});

test('a webhook hears at once of what is kept', async () => {
  await using archiving = await openArchiving();
  const url = archiving.host.servePicture('/one.png');
  const [told, other] = [await archiving.doneTask([url, url]), await archiving.doneTask([url])];
  await addWebhook(archiving.store.database, told);
  await archiving.run(other);
  await archiving.run(told);
  expect(archiving.due).toEqual([told, told]);
});

test('what is kept is not fetched again, and a task without anything to fetch is left alone', async () => {
  await using archiving = await openArchiving();
  const one = archiving.host.servePicture('/one.png');
  const id = await archiving.doneTask([
    one,
    archiving.host.serve('/two.png', (response) => response.writeHead(503).end()),
  ]);
  await expect(archiving.run(id)).rejects.toThrow('503');
  expect(await archiving.stateOf(id)).toBe('pending');
  archiving.host.servePicture('/two.png');
  await archiving.run(id);
  await archiving.run(id);
  expect(archiving.host.requests).toEqual(['/one.png', '/two.png', '/two.png']);
  expect((await archiving.getTask(id)).files.map(({ archived }) => archived?.key.at(-5))).toEqual(['0', '1']);
  expect(archiving.outcomes).toEqual(['kept', 'failed', 'kept']);
});

type Answer = Parameters<ResultHost['serve']>[1];

describe('an answer of one moment costs no file, which is kept later:', () => {
  test.each([
    ['forbidden', (response) => response.writeHead(403).end()],
    ['not there (yet)', (response) => response.writeHead(404).end()],
    ['an HTML page', (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Oops</h1>')],
    ['an HTML page that is declared as a picture', (response) => sendPicture(response, Buffer.from('<h1>Oops</h1>'))],
    ['a redirect in circles', (response) => response.writeHead(302, { Location: '/result.png' }).end()],
  ] satisfies [string, Answer][])('%s', async (_what, answer) => {
    await using archiving = await openArchiving();
    const id = await archiving.doneTask([archiving.host.serve('/result.png', answer)]);
    await expect(archiving.run(id)).rejects.toMatchObject({ name: 'FetchFileError' });
    expect([await archiving.stateOf(id), ...archiving.outcomes]).toEqual(['pending', 'failed']);
    archiving.host.servePicture('/result.png');
    await archiving.run(id);
    expect([await archiving.stateOf(id), ...archiving.outcomes]).toEqual(['kept', 'failed', 'kept']);
  });
});

describe('what can not be had is given up at once, and stays what it was:', () => {
  test.each([
    [
      'a file that is too large',
      (response) => sendPicture(response, Buffer.concat([pictureOf('x'), Buffer.alloc(5_000)])),
    ],
    ['a redirect to a private address', (response) => response.writeHead(302, { Location: 'https://10.0.0.1/' }).end()],
  ] satisfies [string, Answer][])('%s', async (_what, answer) => {
    await using archiving = await openArchiving({ maxBytes: 4_000 });
    const url = archiving.host.serve('/result.png', answer);
    const id = await archiving.doneTask([url, archiving.host.servePicture('/good.png')]);
    await archiving.run(id);
    const { files, filesExpiry } = await archiving.getTask(id);
    expect(files).toEqual([
      { type: 'IMAGE', url, duration: null },
      expect.objectContaining({ archived: expect.anything() }),
    ]);
    expect(filesExpiry.kind).toBe('at');
    expect(await archiving.stateOf(id)).toBe('given-up');
    expect(archiving.outcomes).toEqual(['given-up', 'kept']);
  });
});

test('while a store is down the job fails, to be tried again; once it is back the file is kept', async () => {
  await using archiving = await openArchiving();
  const id = await archiving.doneTask([archiving.host.servePicture('/one.png')]);
  const { put } = archiving.archive;
  archiving.archive.put = () => Promise.reject(new ArchiveStoreError('PUT_FAILED', 'The store is away.'));
  await expect(archiving.run(id)).rejects.toThrow('away');
  expect((await archiving.getTask(id)).files[0]).not.toHaveProperty('archived');
  archiving.archive.put = put;
  await archiving.run(id);
  expect(await archiving.stateOf(id)).toBe('kept');
});

test.each([404, 503])('past the expiry it is tried for a little longer, then given up (%i)', async (status) => {
  await using archiving = await openArchiving();
  const url = archiving.host.serve('/one.png', (response) => response.writeHead(status).end());
  const ago = (minutes: number) => ({ kind: 'at', at: new Date(Date.now() - minutes * 60_000) }) as const;
  const [late, tooLate] = [await archiving.doneTask([url], ago(50)), await archiving.doneTask([url], ago(70))];
  await expect(archiving.run(late)).rejects.toThrow(String(status));
  await archiving.run(tooLate);
  expect([await archiving.stateOf(late), await archiving.stateOf(tooLate)]).toEqual(['pending', 'given-up']);
});

test('what lies in the customer’s own bucket is not fetched; what is of unknown age is', async () => {
  await using archiving = await openArchiving();
  const url = archiving.host.servePicture('/one.png');
  const [own, unknown] = [
    await archiving.doneTask([url], { kind: 'never' }),
    await archiving.doneTask([url], { kind: 'unknown' }),
  ];
  await archiving.run(own);
  await archiving.run(unknown);
  expect([await archiving.stateOf(own), await archiving.stateOf(unknown)]).toEqual([null, 'kept']);
});

test('a job that is told to stop leaves nothing that is served', async () => {
  await using archiving = await openArchiving();
  const stopping = new AbortController();
  const { promise: asked, resolve: tellAsked } = Promise.withResolvers<void>();
  const url = archiving.host.serve('/slow.png', (response) => {
    response
      .writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': 1_000 })
      .write(pictureOf('slow').subarray(0, 50));
    tellAsked();
  });
  const id = await archiving.doneTask([url]);
  const running = archiving.run(id, stopping.signal);
  await asked;
  stopping.abort();
  await expect(running).rejects.toThrow();
  expect((await archiving.getTask(id)).files[0]).not.toHaveProperty('archived');
  expect(await archiving.stateOf(id)).toBe('pending');
  expect(archiving.outcomes).toEqual([]);
});

test('two runs of one job at once end as one would', async () => {
  await using archiving = await openArchiving();
  const id = await archiving.doneTask([archiving.host.servePicture('/one.png')]);
  const before = await archiving.getTask(id);
  await Promise.all([archiving.run(id), archiving.run(id)]);
  const { files, revision } = await archiving.getTask(id);
  expect(revision).toBe(before.revision + 1);
  expect(await archiving.read(files[0]?.archived?.key ?? '')).toEqual(pictureOf('/one.png'));
  expect(await archiving.stateOf(id)).toBe('kept');
});
