import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import { documentedLimits } from '../../src/domain/upstream.ts';
import { openAccess } from '../support/gateway.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'config-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const credentials = { TENCENTCLOUD_SECRET_ID: 'AKIDexample', TENCENTCLOUD_SECRET_KEY: 'example-key' };

test('an empty environment runs everything on this machine, with the sandbox as upstream', () => {
  expect(readConfig({ PORT: '', HOST: ' ' })).toEqual({
    host: '127.0.0.1',
    port: 4000,
    databaseUrl: null,
    databaseListenUrl: null,
    dataDirectory: resolve('.data'),
    logLevel: 'info',
    upstream: null,
    upstreamAccount: 'default',
    upstreamLimits: documentedLimits,
    catalogue: builtInCatalogue,
    sandbox: { port: 4001, speed: 1, failShare: 0, seed: 1 },
    createWaitMs: 2_000,
    submissions: 'on',
    executor: 'compiled',
    compression: true,
    access: openAccess,
    archive: null,
    publicUrl: null,
    webhooks: { secrets: [], exemptOrigins: [] },
  });
});

test('credentials make the vendor the upstream', () => {
  expect(readConfig(credentials).upstream).toEqual({
    endpoint: 'https://mps.intl.tencentcloudapi.com',
    region: null,
    credentials: { secretId: 'AKIDexample', secretKey: 'example-key' },
  });
  const elsewhere = {
    ...credentials,
    TENCENTCLOUD_TOKEN: 'a-token',
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    TENCENTCLOUD_ENDPOINT: 'http://127.0.0.1:4001',
  };
  expect(readConfig(elsewhere).upstream).toEqual({
    endpoint: 'http://127.0.0.1:4001',
    region: 'ap-guangzhou',
    credentials: { secretId: 'AKIDexample', secretKey: 'example-key', token: 'a-token' },
  });
});

test('limits that are named replace the documented ones, the others stay', () => {
  const { upstreamLimits } = readConfig({ UPSTREAM_LIMITS: 'CreateAigcImageTask=5, DescribeAigcVideoTask=0.5' });
  expect(upstreamLimits).toEqual({ ...documentedLimits, CreateAigcImageTask: 5, DescribeAigcVideoTask: 0.5 });
});

const bucket = { ARCHIVE: 's3://results/gateway', ARCHIVE_REGION: 'ap-singapore' };
const longSecret = 'long-enough-to-sign-what-is-kept-with';

describe('an archive', () => {
  test('is a folder by its URL', () => {
    const { archive, publicUrl } = readConfig({ ARCHIVE: 'file:///var/lib/my%20results' });
    expect(archive).toEqual({
      place: { kind: 'folder', path: '/var/lib/my results' },
      maxFileBytes: 2_147_483_648,
      retentionDays: null,
      urlSecrets: null,
    });
    expect(publicUrl).toBeNull();
  });

  test('is a bucket of any store that speaks S3', () => {
    const environment = {
      ...bucket,
      ARCHIVE_ENDPOINT: 'https://cos.ap-singapore.myqcloud.com',
      ARCHIVE_ACCESS_KEY_ID: 'an-id',
      ARCHIVE_SECRET_ACCESS_KEY: 'a-key',
      ARCHIVE_FORCE_PATH_STYLE: 'true',
      ARCHIVE_MAX_FILE_BYTES: '10000000000',
      ARCHIVE_RETENTION_DAYS: '365',
      ARCHIVE_URL_SECRET: `${longSecret}, ${longSecret}-before`,
      PUBLIC_URL: 'https://tasks.example.com/gateway/',
    };
    const { archive, publicUrl } = readConfig(environment);
    expect(archive).toEqual({
      place: {
        kind: 's3',
        bucket: 'results',
        prefix: 'gateway',
        endpoint: 'https://cos.ap-singapore.myqcloud.com',
        region: 'ap-singapore',
        credentials: { accessKeyId: 'an-id', secretAccessKey: 'a-key' },
        forcePathStyle: true,
      },
      maxFileBytes: 10_000_000_000,
      retentionDays: 365,
      urlSecrets: [longSecret, `${longSecret}-before`],
    });
    expect(publicUrl).toBe('https://tasks.example.com/gateway');
    expect(readConfig(bucket).archive?.place).toMatchObject({ endpoint: null, credentials: null });
  });
});

test.each(['http://localhost:8080/keys', 'http://127.0.0.1:8080/keys', 'http://[::1]:8080/keys'])(
  'keys of an issuer on this machine come without TLS: %s',
  (jwksUrl) => {
    const issuer = { AUTH_MODE: 'jwt', AUTH_ISSUER: 'https://example.com', AUTH_AUDIENCE: 'tasks' };
    expect(readConfig({ ...issuer, AUTH_JWKS_URL: jwksUrl }).access.tokens?.keys).toEqual({ jwksUrl });
  },
);

describe('a mistake', () => {
  test.each([
    [{ PORT: '65536' }, 'PORT: must be a whole number from 0 to 65535'],
    [{ PORT: '4000.5' }, 'PORT: must be a whole number from 0 to 65535'],
    [{ PORT: '-1' }, 'PORT: must be a whole number from 0 to 65535'],
    [{ HOST: 'http://localhost' }, 'HOST: must be a host name or an IP address'],
    [
      { HOST: '0.0.0.0' },
      'HOST: without authentication only a loopback address is listened on; set AUTH_MODE, or AUTH_ALLOW_OPEN=true to lift that',
    ],
    [{ PORT: '4500', SANDBOX_PORT: '4500' }, 'SANDBOX_PORT: must be another one than PORT'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: must be one of: fatal, error, warn, info, debug, trace, silent'],
    [{ SUBMISSIONS: 'off' }, 'SUBMISSIONS: must be one of: on, paused'],
    [{ COMPRESSION: 'yes' }, 'COMPRESSION: must be one of: on, off'],
    [{ EXECUTOR: 'jit' }, 'EXECUTOR: must be one of: compiled, standard'],
    [{ AUTH_MODE: 'open' }, 'AUTH_MODE: must be none, api-key, jwt, or api-key,jwt'],
    [{ AUTH_MODE: 'none,jwt' }, 'AUTH_MODE: must be none, api-key, jwt, or api-key,jwt'],
    [{ AUTH_MODE: 'jwt' }, 'AUTH_MODE: jwt needs either AUTH_JWKS_URL or AUTH_JWT_SECRET'],
    [
      { AUTH_MODE: 'jwt', AUTH_JWT_SECRET: 'too-short' },
      'AUTH_JWT_SECRET: must have at least 32 characters, as HS256 asks for',
    ],
    [
      { AUTH_MODE: 'jwt', AUTH_JWKS_URL: 'http://keys.example.com' },
      'AUTH_JWKS_URL: must be an https:// address; http:// only for this machine',
    ],
    [
      { AUTH_MODE: 'jwt', AUTH_JWKS_URL: 'https://keys.example.com', AUTH_ISSUER: 'https://example.com' },
      'AUTH_AUDIENCE: is needed with AUTH_JWKS_URL',
    ],
    [
      { AUTH_MODE: 'api-key', AUTH_ISSUER: 'https://example.com' },
      'AUTH_ISSUER: means something only with jwt in AUTH_MODE',
    ],
    [{ CORS_ORIGINS: '*' }, /^CORS_ORIGINS: \* needs AUTH_MODE; /],
    [
      { CORS_ORIGINS: 'https://a.example, https://b.example/' },
      'CORS_ORIGINS: "https://b.example/" must be an origin as browsers send it, such as https://app.example.com, or *',
    ],
    [
      { QUOTA_TASKS_IN_FLIGHT: '10,acme=many' },
      'QUOTA_TASKS_IN_FLIGHT: "acme=many" must read <number>, for every owner, or <owner>=<number>',
    ],
    [{ QUOTA_TASKS_IN_FLIGHT: '100,200' }, 'QUOTA_TASKS_IN_FLIGHT: "200" is a second number for every owner'],
    [
      { QUOTA_CREATES_PER_MINUTE: 'acme=5, 10, acme =6' },
      'QUOTA_CREATES_PER_MINUTE: "acme =6" is a second number for acme',
    ],
    [
      { CORS_ORIGINS: 'https://*.example.com' },
      /^CORS_ORIGINS: "https:\/\/\*\.example\.com" must be an origin as browsers send it/,
    ],
    [
      { METRICS_TOKEN: 'for-prometheus' },
      'METRICS_TOKEN: means something only with AUTH_MODE; without it everybody gets the metrics',
    ],
    [
      { AUTH_MODE: 'api-key', AUTH_OWNER_CLAIM: 'tenant' },
      'AUTH_OWNER_CLAIM: means something only with jwt in AUTH_MODE',
    ],
    [
      { AUTH_MODE: 'api-key', FAIR_SHARE_CLAIM: 'tenant' },
      'FAIR_SHARE_CLAIM: means something only with jwt in AUTH_MODE',
    ],
    [
      { AUTH_MODE: 'jwt', AUTH_JWT_SECRET: 's'.repeat(32), FAIR_SHARE_CLAIM: 'x'.repeat(256) },
      'FAIR_SHARE_CLAIM: must have at most 255 characters',
    ],
    [{ ARCHIVE: '/var/lib/results' }, /^ARCHIVE: must be file:\/\/\/an\/absolute\/path or s3:/],
    [{ ARCHIVE: 'file://host/results' }, /^ARCHIVE: must be file/],
    [{ ARCHIVE: 'file:///a%2Fb' }, /^ARCHIVE: must be file/],
    [{ ARCHIVE: 's3://id:key@results' }, /^ARCHIVE: must be file/],
    [{ ARCHIVE: 's3://results' }, /^ARCHIVE_REGION: is needed with/],
    [{ ...bucket, ARCHIVE_ACCESS_KEY_ID: 'an-id' }, /^ARCHIVE_SECRET_ACCESS_KEY: must be set with/],
    [{ ...bucket, ARCHIVE_SECRET_ACCESS_KEY: 'a-key' }, /^ARCHIVE_ACCESS_KEY_ID: must be set with/],
    [{ ...bucket, ARCHIVE_ENDPOINT: 'cos.example.com' }, /^ARCHIVE_ENDPOINT: must be an http/],
    [{ ...bucket, ARCHIVE_RETENTION_DAYS: '0' }, /^ARCHIVE_RETENTION_DAYS: must be a whole number from 1/],
    [{ ...bucket, ARCHIVE_MAX_FILE_BYTES: '2GB' }, /^ARCHIVE_MAX_FILE_BYTES: must be a whole number/],
    [{ ...bucket, ARCHIVE_URL_SECRET: 'too-short' }, /^ARCHIVE_URL_SECRET: must be at least 32/],
    [{ ARCHIVE_RETENTION_DAYS: '30' }, 'ARCHIVE_RETENTION_DAYS: means something only with ARCHIVE'],
    [{ ARCHIVE_REGION: 'us-east-1' }, 'ARCHIVE_REGION: means something only with ARCHIVE=s3://…'],
    [
      { ARCHIVE: 'file:///results', ARCHIVE_FORCE_PATH_STYLE: 'true' },
      /^ARCHIVE_FORCE_PATH_STYLE: means something only/,
    ],
    [{ PUBLIC_URL: 'tasks.example.com' }, /^PUBLIC_URL: must be the http/],
    [{ AUTH_MODE: 'api-key', ARCHIVE: 'file:///results' }, /^PUBLIC_URL: is needed .*http:\/\/127\.0\.0\.1:4000 when/],
    [
      { AUTH_ALLOW_OPEN: 'true', ARCHIVE: 'file:///results', PORT: '8080' },
      /^PUBLIC_URL: .*http:\/\/127\.0\.0\.1:8080/,
    ],
    [{ HOST: '0.0.0.0', AUTH_MODE: 'api-key', ARCHIVE: 'file:///results' }, /^PUBLIC_URL: is needed with ARCHIVE=file/],
    [{ WS_MAX_SOCKETS_PER_KEY: '0' }, 'WS_MAX_SOCKETS_PER_KEY: must be a whole number from 1 to 1000000'],
    [{ SANDBOX_SPEED: '0' }, 'SANDBOX_SPEED: must be a number above 0, at most 10000'],
    [{ SANDBOX_SPEED: 'Infinity' }, 'SANDBOX_SPEED: must be a number above 0, at most 10000'],
    [{ SANDBOX_FAIL_SHARE: '1.5' }, 'SANDBOX_FAIL_SHARE: must be a number from 0 to 1'],
    [{ CREATE_WAIT_MS: '2s' }, 'CREATE_WAIT_MS: must be a whole number from 0 to 60000'],
    [{ DATABASE_LISTEN_URL: 'postgres://db/app' }, /^DATABASE_LISTEN_URL: needs DATABASE_URL/],
    [{ TENCENTCLOUD_SECRET_ID: 'AKIDexample' }, /^TENCENTCLOUD_SECRET_KEY: must be set with/],
    [{ TENCENTCLOUD_REGION: 'ap-guangzhou' }, /^TENCENTCLOUD_REGION: needs TENCENTCLOUD_SECRET_ID/],
    [
      { ...credentials, TENCENTCLOUD_REGION: 'ap guangzhou' },
      'TENCENTCLOUD_REGION: must be a name such as ap-guangzhou',
    ],
    [{ ...credentials, TENCENTCLOUD_ENDPOINT: 'mps.tencentcloudapi.com' }, /^TENCENTCLOUD_ENDPOINT: must be an http/],
    [{ UPSTREAM_ACCOUNT: 'a/b' }, /^UPSTREAM_ACCOUNT: must be 1 to 64 letters/],
    [{ UPSTREAM_LIMITS: 'CreateAigcImageTask=0' }, /^UPSTREAM_LIMITS: "CreateAigcImageTask=0" must read <action>=/],
    [{ UPSTREAM_LIMITS: 'DeleteEverything=20' }, /^UPSTREAM_LIMITS: "DeleteEverything=20" must read <action>=/],
  ])('in %j is told', (environment, mistake) => {
    expect(mistakesIn(environment)).toEqual([expect.stringMatching(mistake)]);
  });
});

test('all mistakes are told at once, each on a line that begins with its variable', () => {
  const environment = { PORT: 'web', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://db', UPSTREAM_LIMITS: 'a=1,b=2' };
  const names = mistakesIn(environment).map((mistake) => mistake.split(':')[0]);
  expect(names).toEqual(['PORT', 'DATABASE_URL', 'LOG_LEVEL', 'UPSTREAM_LIMITS', 'UPSTREAM_LIMITS']);
});

test('contradictions among the others are told beside wrong values, and none that concern a wrong one', () => {
  const environment = {
    PORT: 'web',
    SANDBOX_PORT: '4000',
    TENCENTCLOUD_SECRET_ID: 'a',
    AUTH_MODE: 'jwt',
    DATABASE_URL: 'mysql://db',
    DATABASE_LISTEN_URL: 'postgres://db/app',
  };
  const names = mistakesIn(environment).map((mistake) => mistake.split(':')[0]);
  expect(names).toEqual(['PORT', 'DATABASE_URL', 'TENCENTCLOUD_SECRET_KEY', 'AUTH_MODE']);
});

test('contradictions are told together, too', () => {
  expect(mistakesIn({ HOST: '::', TENCENTCLOUD_TOKEN: 'a', DATABASE_LISTEN_URL: 'postgres://db/app' })).toHaveLength(3);
});

test.each([
  { DATABASE_URL: 'postgres://gateway:hunter2@db:port/app' },
  { DATABASE_URL: 'mysql://gateway:hunter2@db/app' },
  { TENCENTCLOUD_SECRET_ID: 'AKIDexample', TENCENTCLOUD_SECRET_KEY: 'hunter2 hunter2' },
  { ...credentials, TENCENTCLOUD_TOKEN: 'hunter2\u00e9' },
  { ...credentials, TENCENTCLOUD_ENDPOINT: 'https://gateway:hunter2@mps.tencentcloudapi.com' },
  { ARCHIVE: 's3://id:hunter2@results' },
  { ...bucket, ARCHIVE_URL_SECRET: 'hunter2' },
  { ...bucket, ARCHIVE_SECRET_ACCESS_KEY: 'hunter2' },
])('a secret is never repeated: %#', (environment) => {
  expect(mistakesIn(environment)).toHaveLength(1);
  expect(mistakesIn(environment).join()).not.toContain('hunter2');
});

describe('MODEL_CATALOGUE', () => {
  test('replaces the built-in catalogue', async () => {
    const path = await writeCatalogue(
      'replacing.json',
      JSON.stringify({ IMAGE: { Brush: { versions: { '1.0': {} } } } }),
    );
    const { catalogue } = readConfig({ MODEL_CATALOGUE: path });
    expect(catalogue.models.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['IMAGE Brush']);
  });

  test('extends the built-in catalogue where it says so', async () => {
    const written = { extends: 'built-in', VIDEO: { Brush: {} } };
    const { catalogue } = readConfig({
      MODEL_CATALOGUE: await writeCatalogue('extending.json', JSON.stringify(written)),
    });
    expect(catalogue.models).toHaveLength(builtInCatalogue.models.length + 1);
  });

  test('that is missing is named', () => {
    const path = join(directory, 'missing.json');
    expect(mistakesIn({ MODEL_CATALOGUE: path })).toEqual([
      expect.stringContaining(`MODEL_CATALOGUE: ${path}: ENOENT`),
    ]);
  });

  test('that is no JSON is named', async () => {
    const path = await writeCatalogue('broken.json', '{ "IMAGE": ');
    expect(mistakesIn({ MODEL_CATALOGUE: path })).toEqual([expect.stringMatching(/broken\.json: .*JSON/)]);
  });

  test('that breaks the rules is told every mistake and where it is', async () => {
    const written = { IMAGE: { Brush: { rules: { maxPromptLength: -1 } } }, SOUND: {} };
    const path = await writeCatalogue('wrong.json', JSON.stringify(written));
    expect(mistakesIn({ MODEL_CATALOGUE: path })).toEqual([
      expect.stringContaining('wrong.json: IMAGE.Brush.rules.maxPromptLength: '),
      expect.stringContaining('wrong.json: the file: '),
    ]);
  });
});

describe('the start', () => {
  test('reads .env, lists every mistake in it and ends with 1', async () => {
    await writeFile(join(directory, '.env'), 'PORT=web\nLOG_LEVEL=loud\nDATABASE_URL=mysql://gateway:hunter2@db/app\n');
    const { exitCode, output } = await start({ LOG_LEVEL: 'quiet' });

    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^The configuration has mistakes:\n {2}PORT: .*\n {2}DATABASE_URL: .*\n {2}LOG_LEVEL: .*\n$/,
    );
    expect(output).not.toContain('hunter2');
  });

  test('prefers the environment to .env', async () => {
    await writeFile(join(directory, '.env'), 'PORT=web\nLOG_LEVEL=info\n');
    const { output } = await start({ PORT: '0', LOG_LEVEL: 'loud' });

    expect(output).toMatch(/^The configuration has mistakes:\n {2}LOG_LEVEL: .*\n$/);
  });
});

function mistakesIn(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n  ').slice(1);
    throw error;
  }
}

async function writeCatalogue(name: string, content: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

/** Runs the program in a folder of its own, with nothing but the given variables. */
async function start(environment: Record<string, string>): Promise<{ exitCode: number | null; output: string }> {
  const child = spawn(process.execPath, [resolve('src/main.ts')], { cwd: directory, env: environment });
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { exitCode, output: stdout + stderr };
}
