import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWebhookSecret, makeWebhookSecret } from '../../src/domain/task/webhook-secret.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createDatabase, type Database } from '../../src/store/database.ts';
import { getSigningSecrets } from '../../src/webhooks/signing-secrets.ts';
import { createTestDatabase } from '../support/database.ts';

const program = join(import.meta.dirname, '../../src/keys/keys.ts');
const cleanup = new AsyncDisposableStack();
let environment: Record<string, string>;
let database: Database;

beforeAll(async () => {
  const created = cleanup.use(await createTestDatabase());
  environment = { DATABASE_URL: created.connectionString };
  database = cleanup.use(createDatabase(created.config, silentLogger));
});
afterAll(() => cleanup.disposeAsync());

/** What the command prints. */
async function run(owner: string, words: string[] = [], variables: Record<string, string> = {}) {
  const env = { PATH: process.env['PATH'], ...environment, ...variables };
  // Where no .env lies.
  const options = { cwd: import.meta.dirname, env };
  const args = [program, 'webhook-secret', '--owner', owner, ...words];
  return await promisify(execFile)(process.execPath, args, options);
}

async function show(...args: Parameters<typeof run>): Promise<string> {
  return (await run(...args)).stdout.trim();
}

test('the command makes an owner’s secret once, and shows it alone from then on', async () => {
  const secret = await show('acme');
  expect(isWebhookSecret(secret)).toBe(true);
  expect(await show('acme')).toBe(secret);
  expect(await show('another')).not.toBe(secret);
  expect(await getSigningSecrets(database, 'acme', [])).toEqual([secret]);
});

test('rotated, it shows the new one, while the old one still signs beside it', async () => {
  const old = await show('rotating');
  const current = await show('rotating', ['--rotate']);
  expect(await show('rotating')).toBe(current);
  expect(await getSigningSecrets(database, 'rotating', [])).toEqual([current, old]);
});

test('where one is configured it shows that, until the owner gets one of its own', async () => {
  const configured = makeWebhookSecret();
  const variables = { WEBHOOK_SECRET: configured };
  expect(await show('tenant', [], variables)).toBe(configured);
  const own = await show('tenant', ['--rotate'], variables);
  expect(await getSigningSecrets(database, 'tenant', [configured])).toEqual([own, configured]);
});

test('where it does not know of the configured one, it says what it has made, and takes nothing from the gateway’s', async () => {
  const configured = makeWebhookSecret();
  const { stdout, stderr } = await run('elsewhere');
  expect(stderr).toContain('It was made now');
  const made = stdout.trim();
  expect(await getSigningSecrets(database, 'elsewhere', [configured])).toEqual([configured, made]);
  expect((await run('elsewhere')).stderr, 'the next time').not.toContain('made');
  expect(await show('elsewhere', [], { WEBHOOK_SECRET: configured })).toBe(configured);

  const own = await show('elsewhere', ['--rotate']);
  expect(await getSigningSecrets(database, 'elsewhere', [configured])).toEqual([own, configured, made]);
});

test('it refuses an owner that cannot be', async () => {
  await expect(show(' acme')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('owner: must have') });
});
