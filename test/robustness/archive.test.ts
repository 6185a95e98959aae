import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { showFiles } from '../archive/archive-documents.ts';
import { contentOf } from '../archive/content.ts';
import { pictureOf, sendPicture, startResultHost } from '../archive/result-host.ts';
import { holdTask } from '../store/open-store.ts';
import { createTestDatabase } from '../support/database.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { startGatewayProcess, upstreamEnvironment } from '../support/gateway-process.ts';
import { startS3Server } from '../support/s3-server.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { createImageTask } from '../support/troubled-gateway.ts';

async function showFile({ ask }: Pick<TestGateway, 'ask'>, id: string) {
  const { task } = await ask(showFiles, { id });
  const [file] = task?.files ?? [];
  if (!file) throw new Error(`Task ${id} has no file.`);
  return file;
}

/** A task that is DONE and waits for the archive, as a gateway leaves it that is killed after it recorded that. */
async function leaveDone(database: Database, account: string, url: string): Promise<string> {
  const id = await holdTask(database, { account, owner: 'local' });
  await sql`update task set state = 'ended', status = 'DONE', ended_at = now(), archive_state = 'pending',
    files = ${JSON.stringify([{ type: 'IMAGE', url, duration: null }])}::jsonb, files_expire_at = now() + interval '10 hours'
    where id = ${id}`.execute(database);
  return id;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test(
  'killed while it fetches a file, it leaves nothing half, and the next one fetches it',
  { timeout: 90_000 },
  async () => {
    await using directory = await createTemporaryDirectory();
    await using testDatabase = await createTestDatabase();
    await using database = createDatabase(testDatabase.config, silentLogger);
    await using host = await startResultHost();
    const content = Buffer.concat([pictureOf('slow'), contentOf(3_000_000)]);
    const { promise: fetching, resolve: tellFetching } = Promise.withResolvers<void>();
    const url = host.serve('/slow.png', (response) => {
      response.writeHead(200, { 'Content-Type': 'image/png', 'Content-Length': content.length });
      response.write(content.subarray(0, 2_000_000), () => tellFetching());
    });
    const archive = join(directory.path, 'archive');
    const environment = {
      DATABASE_URL: testDatabase.connectionString,
      ARCHIVE: pathToFileURL(archive).href,
      ...upstreamEnvironment(host.origin),
    };
    const id = await leaveDone(database, `${new URL(host.origin).host}/-/default`, url);
    await using first = await startGatewayProcess(directory.path, environment);
    await fetching;
    expect(await showFile(first, id)).toMatchObject({ archived: false, url, expired: false });
    await first.end('SIGKILL');
    expect(await filesBelow(archive)).toEqual([]);
    expect(await filesBelow(join(directory.path, 'spool'))).toEqual([]);

    host.serve('/slow.png', (response) => sendPicture(response, content));
    const killedAt = performance.now();
    await using second = await startGatewayProcess(directory.path, environment);
    await expect.poll(async () => (await showFile(second, id)).archived, { timeout: 60_000, interval: 100 }).toBe(true);
    // As soon as it is sure that the first one is gone: hours before the file expires.
    expect(performance.now() - killedAt).toBeLessThan(60_000);
    const response = await fetch((await showFile(second, id)).url ?? '');
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    expect(host.requests).toEqual(['/slow.png', '/slow.png']);
  },
);

test(
  'while the store is down the vendor’s URLs are handed out; once it is back the files are kept',
  { timeout: 60_000 },
  async () => {
    await using server = await startS3Server();
    await server.stop();
    const { endpoint, region, credentials, forcePathStyle, bucket } = server.location;
    const place = { kind: 's3', bucket, prefix: '', endpoint, region, credentials, forcePathStyle } as const;
    const archive = { place, maxFileBytes: 1_000_000, retentionDays: null, urlSecrets: null };
    await using gateway = await startTestGateway({ archive });
    const metrics = async (): Promise<string> => await (await fetch(`${gateway.url}/metrics`)).text();
    expect(await metrics()).toContain('gateway_files_to_archive{left="1h"} 0');
    const id = await createImageTask(gateway, 'a lighthouse');
    await expect.poll(metrics, { timeout: 20_000 }).toContain('gateway_files_archived_total{outcome="failed"}');
    expect(await metrics()).toContain('gateway_files_to_archive{left="1h"} 1');
    const before = await showFile(gateway, id);
    expect(before).toMatchObject({ archived: false, expired: false, checksum: null });
    const original = await (await fetch(before.url ?? '')).arrayBuffer();

    await server.start();
    await expect.poll(async () => (await showFile(gateway, id)).archived, { timeout: 30_000 }).toBe(true);
    const after = await showFile(gateway, id);
    expect(new URL(after.url ?? '').origin).toBe(endpoint);
    expect(Buffer.from(await (await fetch(after.url ?? '')).arrayBuffer())).toEqual(Buffer.from(original));
    expect(await metrics()).toContain('gateway_files_archived_total{outcome="kept"} 1');
    expect(await metrics()).toContain('gateway_files_to_archive{left="1h"} 0');
  },
);
