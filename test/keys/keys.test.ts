import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseApiKey } from '../../src/domain/api-key.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { startGatewayProcess } from '../support/gateway-process.ts';
import { type CommandAnswer, runCommandLine } from '../support/run-command.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

const root = join(import.meta.dirname, '..', '..');

function keys(environment: Record<string, string>, ...words: string[]): Promise<CommandAnswer> {
  const env = { PATH: process.env['PATH'], ...environment };
  // Where no .env lies.
  return runCommandLine(process.execPath, [join(root, 'src/keys/keys.ts'), ...words], {
    cwd: import.meta.dirname,
    env,
  });
}

const create = (environment: Record<string, string>, owner = 'acme', name = 'backend') =>
  keys(environment, 'create', '--owner', owner, '--name', name);

const idIn = ({ stdout }: CommandAnswer): string => parseApiKey(stdout.trim())?.id ?? '';

describe('on a database', () => {
  let database: TestDatabase;
  let environment: Record<string, string>;
  beforeAll(async () => {
    database = await createTestDatabase();
    environment = { DATABASE_URL: database.connectionString, AUTH_MODE: 'api-key' };
  });
  afterAll(() => database[Symbol.asyncDispose]());

  test('create prints the key alone, and beside it what to do with it', async () => {
    const made = await create(environment);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^aigc_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}\n$/);
    expect(made.stderr).toContain('Authorization: Bearer');
    expect(made.stderr).toContain(`key ${idIn(made)} of acme, "backend"`);
    expect(made.stderr).not.toContain(made.stdout.trim());
    expect(made.stderr).not.toContain('AUTH_MODE');
    const { stderr } = await create({ ...environment, AUTH_MODE: 'none' });
    expect(stderr).toContain('AUTH_MODE has no api-key here');
  });

  test('npm adds nothing to it when it is told to be silent', async () => {
    const words = ['run', '--silent', 'keys', '--', 'create', '--owner', 'acme', '--name', 'from a script'];
    const { stdout } = await runCommandLine('npm', words, { cwd: root, env: { ...process.env, ...environment } });
    expect(parseApiKey(stdout.trimEnd())).not.toBeNull();
  });

  test('list shows keys in columns, and neither secret nor hash', async () => {
    const [one, other] = [await create(environment, 'lister', 'backend'), await create(environment, 'lister', '后端')];
    await keys(environment, 'revoke', idIn(one));
    const { code, stdout } = await keys(environment, 'list', '--owner', 'lister');
    const time = String.raw`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^ID {12}CREATED {15}REVOKED {15}OWNER {3}NAME$/),
      expect.stringMatching(new RegExp(`^${idIn(other)}  ${time}  - {21}lister  后端$`)),
      expect.stringMatching(new RegExp(`^${idIn(one)}  ${time}  ${time}  lister  backend$`)),
      '',
    ]);
    expect((await keys(environment, 'list')).stdout).toContain(idIn(one));
    expect(await keys(environment, 'list', '--owner', 'nobody')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('There are no keys of nobody in PostgreSQL'),
    });
  });

  test('revoke takes an id or the whole key, once, and says so', async () => {
    const [byId, byKey] = [await create(environment), await create(environment)];
    const first = await keys(environment, 'revoke', idIn(byId));
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(`Revoked key ${idIn(byId)} of acme`) });
    const again = await keys(environment, 'revoke', idIn(byId));
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/was revoked before, at 20/) });
    const whole = await keys(environment, 'revoke', byKey.stdout.trim());
    expect(whole.stdout).toContain(`Revoked key ${idIn(byKey)} of acme`);
    expect(whole.stdout).not.toContain(byKey.stdout.trim());
    const header = await keys(environment, 'revoke', `Bearer ${byId.stdout.trim()}`);
    expect(header).toMatchObject({ code: 0, stdout: expect.stringMatching(/was revoked before, at 20/) });
    const unknown = await keys(environment, 'revoke', 'nothing');
    expect(unknown).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('has the id "nothing"') });
  });

  test('revoke repeats nothing that may be a secret', async () => {
    const { stdout } = await create(environment);
    const text = stdout.trim();
    const secret = parseApiKey(text)?.secret ?? '';
    for (const wrong of [`Key: ${text}`, text.slice(0, -1), secret, secret.slice(3)]) {
      const { code, stderr } = await keys(environment, 'revoke', wrong);
      expect(code).toBe(1);
      expect(stderr).not.toContain(secret.slice(3, 10));
      expect(stderr).toContain('npm run keys -- list shows them all');
    }
  });

  test.each([
    ['nothing', [], 'Say what to do.'],
    ['an unknown command', ['remove'], 'There is no command "remove".'],
    ['half of what create needs', ['create', '--owner', 'acme'], 'create needs --owner and --name.'],
    ['an unknown option', ['create', '--owner', 'acme', '--name', 'x', '--admin'], "Unknown option '--admin'"],
    ['an option without its value', ['list', '--owner'], "Option '--owner <value>' argument missing"],
    ['an owner that cannot be', ['create', '--owner', ' acme', '--name', 'x'], 'owner: must have 1 to 255 characters'],
    ['two keys to revoke', ['revoke', 'one', 'other'], 'revoke needs the id of one key.'],
  ])('told %s, it says how it is used', async (_what, words, complaint) => {
    // Before it looks for a database.
    const { code, stdout, stderr } = await keys({ DATABASE_URL: 'postgres://localhost:1/none' }, ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(complaint);
    expect(stderr).toContain('npm run keys -- create --owner <owner> --name <name>');
  });

  test('asked for help, that is its answer', async () => {
    expect(await keys({}, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage:'), stderr: '' });
  });

  test('what is wrong with the configuration or the database is told in a line', async () => {
    const misconfigured = await keys({ AUTH_MODE: 'magic' }, 'list');
    expect(misconfigured).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('AUTH_MODE: must be') });
    const unreachable = await keys({ DATABASE_URL: 'postgres://localhost:1/none' }, 'list');
    expect(unreachable).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/can't be reached: .+\n$/),
    });
  });
});

describe('on the embedded database', () => {
  const isRunning = async (directory: string): Promise<boolean> =>
    await access(join(directory, 'postgres/data/postmaster.pid')).then(
      () => true,
      () => false,
    );

  test('it starts the server where no gateway runs, and stops it again', { timeout: 60_000 }, async () => {
    await using directory = await createTemporaryDirectory();
    const environment = { DATA_DIR: directory.path };
    const made = await create(environment);
    expect(await isRunning(directory.path)).toBe(false);
    expect((await keys(environment, 'list')).stdout).toContain(idIn(made));
    expect(await isRunning(directory.path)).toBe(false);
  });

  test('it shares a running gateway’s, and leaves it running', { timeout: 60_000 }, async () => {
    await using directory = await createTemporaryDirectory();
    const environment = { DATA_DIR: directory.path };
    await using gateway = await startGatewayProcess(directory.path, { AUTH_MODE: 'api-key' });
    const isReady = async () => (await fetch(`${gateway.url}/health/ready`)).status === 200;
    const made = await create(environment);
    expect(await isReady()).toBe(true);
    const both = await Promise.all([create(environment, 'other'), keys(environment, 'revoke', idIn(made))]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(await isReady()).toBe(true);
    expect(await isRunning(directory.path)).toBe(true);
    expect(gateway.output()).not.toMatch(/broke|closed its connection/);
    // Control: the gateway, as the last one, does stop it.
    expect(await gateway.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await isRunning(directory.path)).toBe(false);
  });
});
