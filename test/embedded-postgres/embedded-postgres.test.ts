import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { silentLogger } from '../../src/kit/logger.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.ts';

const holdScript = join(import.meta.dirname, '..', 'support', 'hold-embedded-postgres.ts');
const isRoot = process.getuid?.() === 0;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'embedded-postgres-'));
  await chmod(root, 0o755);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const servers: EmbeddedPostgres[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function start(directory: string, settings: Record<string, string> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ directory, logger: silentLogger, settings, database: 'gateway' });
  servers.push(server);
  return server;
}

async function query(server: EmbeddedPostgres, statement: string): Promise<unknown[]> {
  const client = new pg.Client(server.connection);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

async function postmasterPid(directory: string): Promise<number> {
  return Number.parseInt(await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8'), 10);
}

/** Ended, or a zombie that nobody has waited for. */
async function hasEnded(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) [^ZX]/.test(status);
}

async function killServer(directory: string): Promise<void> {
  const pid = await postmasterPid(directory);
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await hasEnded(pid)).toBe(true), { interval: 5, timeout: 15_000 });
}

/** Another process that runs the server, as the leader of a process group of its own. */
function holdElsewhere(directory: string): ChildProcess & { pid: number } {
  const holder = spawn(process.execPath, [holdScript, directory], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = holder;
  if (pid === undefined) throw new Error('the holder was not spawned');
  return Object.assign(holder, { pid });
}

async function killGroup(holder: ChildProcess & { pid: number }, signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
  process.kill(-holder.pid, signal);
  await once(holder, 'exit');
}

describe('on a new folder', () => {
  test('starts with UTF-8, the database asked for, and durable commits', async () => {
    const server = await start(join(root, 'new'));
    expect(server.adopted).toBe(false);
    expect(server.version).toMatch(/^18\./);
    expect(await query(server, `select current_database(), lower('ÀÖЖ'), current_setting('server_encoding')`)).toEqual([
      'gateway',
      'àöж',
      'UTF8',
    ]);
    expect(await query(server, `select current_setting('fsync')`)).toEqual(['on']);
  });

  test('gives two that start at once the same server, which the last to leave stops', async () => {
    const directory = join(root, 'contested');
    const [one, other] = await Promise.all([start(directory), start(directory)]);
    expect([one, other].filter(({ adopted }) => adopted)).toHaveLength(1);
    await query(one, 'create table shared ()');
    await one.stop();
    expect(await query(other, 'select count(*)::int from shared')).toEqual([0]);
    const pid = await postmasterPid(directory);
    await other.stop();
    await vi.waitFor(async () => expect(await hasEnded(pid)).toBe(true));
  });

  test('starts anew where one was killed in the middle of initdb', async () => {
    const directory = join(root, 'half-made');
    const holder = holdElsewhere(directory);
    const [halfMade = ''] = await vi.waitUntil(() => findHalfMade(directory), { interval: 5, timeout: 5_000 });
    await killGroup(holder, 'SIGKILL');
    await killProcessesAbout(halfMade);
    expect(await readdir(directory)).not.toContain('data');
    const longAgo = new Date('2020-01-01');
    await utimes(join(directory, halfMade), longAgo, longAgo);
    const server = await start(directory);
    expect(await query(server, 'select 1')).toEqual([1]);
    expect(await findHalfMade(directory)).toBeUndefined();
  });

  /** initdb and the server that it runs, none of which is in the gateway's process group: all processes that name the folder, or run in it. */
  async function killProcessesAbout(folderName: string): Promise<void> {
    const traceOf = async (pid: string): Promise<string> => {
      const [command, folder] = [readFile(`/proc/${pid}/cmdline`, 'utf8'), readlink(`/proc/${pid}/cwd`)];
      return (await Promise.all([command, folder].map((trace) => trace.catch(() => '')))).join(' ');
    };
    await vi.waitFor(
      async () => {
        const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
        const traces = await Promise.all(pids.map(traceOf));
        const found = pids.filter((_, index) => traces[index]?.includes(folderName));
        for (const pid of found) process.kill(Number(pid), 'SIGKILL');
        expect(found).toEqual([]);
      },
      { interval: 5, timeout: 15_000 },
    );
  }

  async function findHalfMade(directory: string): Promise<string[] | undefined> {
    const names = await readdir(directory).catch(() => []);
    const halfMade = names.filter((name) => name.startsWith('initdb-'));
    return halfMade.length > 0 ? halfMade : undefined;
  }

  test('works where the path is too long for a Unix socket', async () => {
    const directory = join(root, 'x'.repeat(120));
    const server = await start(directory);
    expect(await query(server, 'select 1')).toEqual([1]);
    const { mode } = await stat(server.connection.host);
    expect(mode & 0o777).toBe(0o700);
    onTestFinished(() => rm(server.connection.host, { recursive: true }));
  });

  test.runIf(isRoot)('works for root under a folder that only root may enter', async () => {
    const closed = join(root, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const server = await start(join(closed, 'folder'));
    expect(await query(server, 'select 1')).toEqual([1]);
  });

  test.runIf(isRoot)('names the closed folder where root lacks the means to get the server in', async () => {
    const closed = join(root, 'closed-for-good');
    await mkdir(closed, { mode: 0o700 });
    const weakRoot = ['--bounding-set=-setpcap', '--inh-caps=-setpcap', '--', process.execPath, holdScript];
    const holder = spawn('setpriv', [...weakRoot, join(closed, 'folder')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = await text(holder.stdout);
    expect(said).toContain(`can't get into ${closed}.`);
    expect(said).toContain('DATABASE_URL');
  });

  test('leaves a data folder of something else alone', async () => {
    const directory = join(root, 'foreign');
    await mkdir(join(directory, 'data'), { recursive: true });
    await writeFile(join(directory, 'data', 'diary.txt'), 'dear diary');
    await expect(start(directory)).rejects.toMatchObject({ code: 'NOT_A_DATA_FOLDER' });
    expect(await readdir(join(directory, 'data'))).toEqual(['diary.txt']);
  });

  test('refuses the data of another major version', async () => {
    const directory = join(root, 'older');
    await mkdir(join(directory, 'data'), { recursive: true });
    await writeFile(join(directory, 'data', 'PG_VERSION'), '16\n');
    await expect(start(directory)).rejects.toThrow(
      /holds data of PostgreSQL 16, and this gateway brings PostgreSQL 18/,
    );
  });
});

describe('on a folder with data', () => {
  let directory: string;
  beforeAll(async () => {
    directory = join(root, 'kept');
    const server = await startEmbeddedPostgres({ directory, logger: silentLogger, database: 'gateway' });
    await query(server, `create table kept as select 'here' as word`);
    await server.stop();
  });
  async function expectData(server: EmbeddedPostgres): Promise<void> {
    expect(await query(server, 'select word from kept')).toEqual(['here']);
  }

  test('has it again after a restart', async () => {
    const server = await start(directory);
    expect(server.adopted).toBe(false);
    await expectData(server);
    await server.stop();
    expect(await readdir(join(directory, 'data'))).not.toContain('postmaster.pid');
  });

  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    test(`takes over the server of a gateway whose process group got ${signal}`, async () => {
      const holder = holdElsewhere(directory);
      await once(holder.stdout ?? holder, 'data');
      const pid = await postmasterPid(directory);
      await killGroup(holder, signal);
      const server = await start(directory);
      expect(server.adopted).toBe(true);
      expect(await postmasterPid(directory)).toBe(pid);
      await expectData(server);
    });
  }

  test('outlives a gateway that has nothing left to do but to hold it', async () => {
    const holder = spawn(process.execPath, [holdScript, directory, 'briefly'], { stdio: 'ignore' });
    expect(await once(holder, 'exit')).toEqual([0, null]);
    const server = await start(directory);
    expect(server.adopted).toBe(true);
  });

  test('recovers when the server was killed as well', async () => {
    await crash(directory);
    const server = await start(directory);
    expect(server.adopted).toBe(false);
    await expectData(server);
  });

  test('recovers when another program has got the number of the killed server', async () => {
    await crash(directory);
    const { uid, gid } = await stat(join(directory, 'data'));
    const stranger = spawn('sleep', ['60'], { uid, gid, stdio: 'ignore' });
    onTestFinished(() => void stranger.kill('SIGKILL'));
    const pidFile = join(directory, 'data', 'postmaster.pid');
    const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n');
    await writeFile(pidFile, [stranger.pid, ...rest].join('\n'));
    await expectData(await start(directory));
  });

  /** Kills the server with a session open, and leaves its `postmaster.pid` and its socket behind. */
  async function crash(path: string): Promise<void> {
    const holder = holdElsewhere(path);
    await once(holder.stdout ?? holder, 'data');
    const server = await start(path);
    const session = new pg.Client(server.connection);
    session.on('error', () => undefined);
    await session.connect();
    // Who leaves it is not there to start it again, and who is killed isn't, either.
    await server.stop();
    await killGroup(holder, 'SIGKILL');
    await killServer(path);
    expect(await readdir(join(path, 'data'))).toContain('postmaster.pid');
  }

  test('starts it again when it dies, and stops it in the end', async () => {
    const server = await start(directory);
    await killServer(directory);
    await vi.waitFor(() => expectData(server), { timeout: 15_000 });
    await server.stop();
    expect(await readdir(join(directory, 'data'))).not.toContain('postmaster.pid');
  });

  test('starts it again once, where two use it, and the last to leave stops it', async () => {
    const [one, other] = await Promise.all([start(directory), start(directory)]);
    await killServer(directory);
    await vi.waitFor(() => expectData(one), { timeout: 15_000 });
    const pid = await postmasterPid(directory);
    await vi.waitFor(async () => expect(await findPresent(one)).toHaveLength(2), { timeout: 15_000 });
    await one.stop();
    expect(await postmasterPid(directory)).toBe(pid);
    await expectData(other);
    await other.stop();
    // Its postmaster.pid goes a moment before it does.
    await vi.waitFor(async () => expect(await hasEnded(pid)).toBe(true), { timeout: 15_000 });
  });

  test('stays where it is when only its sessions are ended', async () => {
    const server = await start(directory);
    const pid = await postmasterPid(directory);
    const before = await findPresent(server);
    await query(server, 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()');
    // The old session may take a while to go: it is the new one that is waited for, alone.
    await vi.waitFor(
      async () => {
        const present = await findPresent(server);
        expect(present).toHaveLength(1);
        expect(present).not.toEqual(before);
      },
      { timeout: 15_000 },
    );
    await server.stop();
    // Its postmaster.pid goes a moment before it does.
    await vi.waitFor(async () => expect(await hasEnded(pid)).toBe(true), { timeout: 15_000 });
  });

  /** The sessions of the gateways that use it. */
  async function findPresent(server: EmbeddedPostgres): Promise<unknown[]> {
    return await query(server, `select pid from pg_locks where locktype = 'advisory' and granted`);
  }

  test('serves a gateway that comes while another one leaves', async () => {
    const leaving = await start(directory);
    const [, server] = await Promise.all([leaving.stop(), start(directory)]);
    await expectData(server);
  });

  test("tells the end of the server's log when it can't start", async () => {
    await expect(start(directory, { shared_buffers: 'a lot' })).rejects.toMatchObject({
      code: 'START_FAILED',
      message: expect.stringMatching(/server\.log:\n.*FATAL: .*invalid value for parameter "shared_buffers": "a lot"/s),
    });
  });

  test('puts a long log aside', async () => {
    const log = join(directory, 'server.log');
    await writeFile(log, 'x'.repeat(10 * 1024 * 1024 + 1));
    await start(directory);
    expect((await stat(`${log}.1`)).size).toBeGreaterThan(10 * 1024 * 1024);
    expect((await stat(log)).size).toBeLessThan(10_000);
  });

  test('keeps others out of the folder', async () => {
    const server = await start(directory);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect(dirname(join(server.connection.host, 'socket'))).toBe(directory);
    expect(await query(server, `select current_setting('listen_addresses')`)).toEqual(['']);
  });
});
