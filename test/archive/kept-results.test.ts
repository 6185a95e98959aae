import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import type { ArchiveConfig } from '../../src/config/archive.ts';
import { startGateway } from '../../src/gateway/gateway.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase } from '../../src/store/database.ts';
import type { ShowFilesQuery } from '../generated/graphql.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startS3Server } from '../support/s3-server.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { startTroubledUpstream } from '../support/troubled-gateway.ts';
import { createOneOfEach, showFiles } from './archive-documents.ts';

/** Real time, until the vendor's twelve hours are made to pass at once: in the sandbox, and for the gateway. */
function createJumpingClock(): Clock & { jump(ms: number): void } {
  let jumped = 0;
  return { ...systemClock, now: () => Date.now() + jumped, jump: (ms) => void (jumped += ms) };
}

/** Of the sandbox's, at the speed that tests have: 216 s. */
const resultLifeMs = (12 * 3_600_000) / 200;
const common = { maxFileBytes: 100_000_000, retentionDays: null, urlSecrets: null };

type Shown = NonNullable<ShowFilesQuery['task']>;

async function show(gateway: Pick<TestGateway, 'ask'>, id: string): Promise<Shown> {
  const { task } = await gateway.ask(showFiles, { id });
  if (!task) throw new Error(`There is no task ${id}.`);
  return task;
}

async function createAll({ ask }: Pick<TestGateway, 'ask'>): Promise<string[]> {
  const created = await ask(createOneOfEach, {
    image: { prompt: 'a lighthouse at dawn' },
    video: { prompt: 'waves', model: { name: 'Kling', version: '2.1' } },
    audio: { prompt: 'gulls' },
  });
  return Object.values(created).flatMap((payload) =>
    payload instanceof Object && 'task' in payload ? payload.task.id : [],
  );
}

async function contentOf(url: unknown): Promise<Buffer> {
  const response = await fetch(String(url));
  if (response.status !== 200) throw new Error(`${response.status} for ${String(url)}`);
  return Buffer.from(await response.arrayBuffer());
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

async function openArchives() {
  const directory = await createTemporaryDirectory();
  const server = await startS3Server();
  const { endpoint, region, credentials, forcePathStyle, bucket } = server.location;
  const places: Record<string, ArchiveConfig['place']> = {
    folder: { kind: 'folder', path: join(directory.path, 'archive') },
    bucket: { kind: 's3', bucket, prefix: 'results', endpoint, region, credentials, forcePathStyle },
  };
  return {
    places,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

/** What the vendor made, as it lies there. */
async function originalsOf(gateway: TestGateway): Promise<Map<string, string>> {
  await using database = createDatabase({ connectionString: gateway.config.databaseUrl ?? '' }, silentLogger);
  const tasks = await database.selectFrom('task').select(['id', 'files']).execute();
  return new Map(tasks.flatMap(({ id, files }) => files.map(({ url }, index) => [`${id}_${index}`, url] as const)));
}

async function untilDone(gateway: TestGateway, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await expect.poll(async () => (await show(gateway, id)).status, { timeout: 20_000, interval: 10 }).toBe('DONE');
  }
}

async function expectGone(urls: Iterable<string>): Promise<void> {
  for (const url of urls) expect((await fetch(url)).status).toBe(404);
}

test.each(['folder', 'bucket'])(
  'after the vendor has deleted them, all files are served from a %s, byte for byte',
  { timeout: 60_000 },
  async (kind) => {
    await using archives = await openArchives();
    const place = archives.places[kind];
    if (!place) throw new Error('There is no such archive.');
    const clock = createJumpingClock();
    await using gateway = await startTestGateway({ archive: { ...common, place } }, { clock });
    const ids = await createAll(gateway);
    expect(ids).toHaveLength(3);
    await untilDone(gateway, ids);
    const urls = await originalsOf(gateway);
    const originals = new Map<string, Buffer>();
    for (const [fileId, url] of urls) originals.set(fileId, await contentOf(url));
    for (const id of ids) {
      const isKept = async () => (await show(gateway, id)).files.every(({ archived }) => archived);
      await expect.poll(isKept, { timeout: 30_000 }).toBe(true);
    }
    clock.jump(resultLifeMs);
    await expectGone(urls.values());

    const shown = await Promise.all(ids.map((id) => show(gateway, id)));
    for (const { id, url, expiresAt, checksum, byteSize, ...file } of shown.flatMap(({ files }) => files)) {
      const content = await contentOf(url);
      expect(content.equals(originals.get(id) ?? Buffer.alloc(0))).toBe(true);
      expect({ checksum, byteSize }).toEqual({ checksum: sha256(content), byteSize: content.length });
      expect(file).toMatchObject({ archived: true, expired: false });
      expect(Date.parse(expiresAt ?? '') - Date.now()).toBeGreaterThan(22 * 3_600_000);
    }
    const [, video, audio] = shown;
    expect(shown.map(({ files }) => files.map(({ contentType }) => contentType))).toEqual([
      ['image/png'],
      ['video/mp4'],
      ['audio/wav'],
    ]);
    expect(video).toMatchObject({ width: expect.any(Number), videos: [{ duration: expect.any(Number) }] });
    expect(audio).toMatchObject({ audios: [{ duration: expect.any(Number) }] });
  },
);

test('without an archive they are gone, and nobody is told otherwise', { timeout: 60_000 }, async () => {
  const clock = createJumpingClock();
  await using gateway = await startTestGateway({}, { clock });
  const ids = await createAll(gateway);
  await untilDone(gateway, ids);
  clock.jump(resultLifeMs);
  await expectGone((await originalsOf(gateway)).values());
  for (const id of ids) {
    expect((await show(gateway, id)).files).toMatchObject([
      { url: null, expired: true, archived: false, checksum: null, byteSize: null },
    ]);
  }
});

test('what ended before there was an archive is kept as well, if it still lives', { timeout: 60_000 }, async () => {
  await using archives = await openArchives();
  const { folder: place } = archives.places;
  if (!place) throw new Error('There is no such archive.');
  await using upstream = await startTroubledUpstream();
  const config = { ...upstream.config, endpoint: upstream.sandbox.endpoint };
  await using gateway = await startTestGateway({ upstream: config });
  const ids = await createAll(gateway);
  await untilDone(gateway, ids);
  await using database = createDatabase({ connectionString: gateway.config.databaseUrl ?? '' }, silentLogger);
  const states = async (): Promise<unknown[]> =>
    (await database.selectFrom('task').select('archive_state').execute()).map(({ archive_state: state }) => state);
  expect(await states()).toEqual([null, null, null]);
  await using directory = await createTemporaryDirectory();
  await using later = await startGateway(
    { ...gateway.config, dataDirectory: directory.path, archive: { ...common, place } },
    { logger: silentLogger },
  );
  expect(later.facts.join()).toContain('Archive ');
  await expect.poll(states, { timeout: 40_000 }).toEqual(['kept', 'kept', 'kept']);
});
