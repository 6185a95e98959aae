import { resolve } from 'node:path';
import { z } from 'zod';
import { accessConfigOf, accessContradictions, accessVariables, type AccessConfig } from './access.ts';
import { archiveConfigOf, archiveContradictions, archiveVariables, type ArchiveConfig } from './archive.ts';
import { catalogueFile, databaseUrl, integer, limits, oneOf, origin, port, secret } from './values.ts';
import { webhookConfigOf, webhookVariables, type WebhookConfig } from './webhooks.ts';
import type { ModelCatalogue } from '../domain/models/model-catalogue.ts';
import type { UpstreamLimits } from '../domain/upstream.ts';
import { logLevels } from '../kit/logger.ts';
import { sandboxConfigOf, sandboxVariables, type SandboxConfig } from '../sandbox/config.ts';

export type Config = {
  host: string;
  port: number;
  /** null: the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** A connection that keeps its session, for a `databaseUrl` that leads through a pooler. */
  databaseListenUrl: string | null;
  dataDirectory: string;
  logLevel: (typeof logLevels)[number];
  /** null: the sandbox. */
  upstream: {
    endpoint: string;
    region: string | null;
    credentials: { secretId: string; secretKey: string; token?: string };
  } | null;
  upstreamAccount: string;
  upstreamLimits: UpstreamLimits;
  catalogue: ModelCatalogue;
  sandbox: SandboxConfig;
  createWaitMs: number;
  submissions: 'on' | 'paused';
  /** What executes queries. */
  executor: 'compiled' | 'standard';
  /** Whether long answers are compressed for clients that take it. */
  compression: boolean;
  access: AccessConfig;
  webhooks: WebhookConfig;
  /** null: results are gone when the vendor deletes them. */
  archive: ArchiveConfig | null;
  /** How others reach the gateway; null: at the address it listens on. */
  publicUrl: string | null;
};

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`The configuration has mistakes:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}

export const environmentSchema = z.object({
  HOST: z
    .string()
    .regex(/^[\w.:%-]+$/, 'must be a host name or an IP address')
    .default('127.0.0.1'),
  PORT: port(4000),
  DATABASE_URL: databaseUrl(),
  DATABASE_LISTEN_URL: databaseUrl(),
  DATA_DIR: z.string().default('.data'),
  LOG_LEVEL: oneOf(logLevels, 'info'),
  TENCENTCLOUD_SECRET_ID: secret(),
  TENCENTCLOUD_SECRET_KEY: secret(),
  TENCENTCLOUD_TOKEN: secret(),
  TENCENTCLOUD_REGION: z
    .string()
    .regex(/^[\w-]+$/, 'must be a name such as ap-guangzhou')
    .optional(),
  TENCENTCLOUD_ENDPOINT: origin('https://mps.tencentcloudapi.com').optional(),
  UPSTREAM_ACCOUNT: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
    .default('default'),
  UPSTREAM_LIMITS: limits(),
  MODEL_CATALOGUE: catalogueFile(),
  CREATE_WAIT_MS: integer(0, 60_000).default(2_000),
  SUBMISSIONS: oneOf(['on', 'paused'], 'on'),
  EXECUTOR: oneOf(['compiled', 'standard'], 'compiled'),
  COMPRESSION: oneOf(['on', 'off'], 'on'),
  ...accessVariables,
  ...webhookVariables,
  ...archiveVariables,
  ...sandboxVariables,
});

type Environment = z.infer<typeof environmentSchema>;

/** Throws one ConfigError for all mistakes, which never repeats a secret. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const result = environmentSchema.safeParse(set);
  if (!result.success) throw new ConfigError(findMistakes(set, result.error.issues));
  const mistakes = contradictions(result.data);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return configOf(result.data);
}

/** Wrong values, and contradictions between the right ones. */
function findMistakes(set: Record<string, string | undefined>, issues: readonly z.core.$ZodIssue[]): string[] {
  const wrong = [...new Set(issues.map((issue) => String(issue.path[0])))];
  const others = Object.entries(set).filter(([name]) => !wrong.includes(name));
  const rest = environmentSchema.safeParse(Object.fromEntries(others));
  const concernsWrong = new RegExp(`\\b(${wrong.join('|')})\\b`);
  return [
    ...issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...(rest.success ? contradictions(rest.data).filter((mistake) => !concernsWrong.test(mistake)) : []),
  ];
}

function contradictions(environment: Environment): string[] {
  const mistakes: string[] = [];
  const { TENCENTCLOUD_SECRET_ID: id, TENCENTCLOUD_SECRET_KEY: key } = environment;
  if (id !== undefined && key === undefined)
    mistakes.push('TENCENTCLOUD_SECRET_KEY: must be set with TENCENTCLOUD_SECRET_ID');
  if (id === undefined && key !== undefined)
    mistakes.push('TENCENTCLOUD_SECRET_ID: must be set with TENCENTCLOUD_SECRET_KEY');
  if (id === undefined && key === undefined) {
    for (const name of ['TENCENTCLOUD_TOKEN', 'TENCENTCLOUD_REGION', 'TENCENTCLOUD_ENDPOINT'] as const) {
      if (environment[name] === undefined) continue;
      mistakes.push(
        `${name}: needs TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY; without them the sandbox is the upstream`,
      );
    }
  }
  if (environment.DATABASE_LISTEN_URL !== null && environment.DATABASE_URL === null) {
    mistakes.push('DATABASE_LISTEN_URL: needs DATABASE_URL; the embedded PostgreSQL has no pooler');
  }
  if (id === undefined && environment.PORT !== 0 && environment.PORT === environment.SANDBOX_PORT) {
    mistakes.push('SANDBOX_PORT: must be another one than PORT');
  }
  return [...mistakes, ...accessContradictions(environment), ...archiveContradictions(environment)];
}

function configOf(environment: Environment): Config {
  const {
    TENCENTCLOUD_SECRET_ID: secretId,
    TENCENTCLOUD_SECRET_KEY: secretKey,
    TENCENTCLOUD_TOKEN: token,
  } = environment;
  return {
    host: environment.HOST,
    port: environment.PORT,
    databaseUrl: environment.DATABASE_URL,
    databaseListenUrl: environment.DATABASE_LISTEN_URL,
    dataDirectory: resolve(environment.DATA_DIR),
    logLevel: environment.LOG_LEVEL,
    upstream:
      secretId === undefined || secretKey === undefined
        ? null
        : {
            endpoint: environment.TENCENTCLOUD_ENDPOINT ?? 'https://mps.intl.tencentcloudapi.com',
            region: environment.TENCENTCLOUD_REGION ?? null,
            credentials: { secretId, secretKey, ...(token !== undefined && { token }) },
          },
    upstreamAccount: environment.UPSTREAM_ACCOUNT,
    upstreamLimits: environment.UPSTREAM_LIMITS,
    catalogue: environment.MODEL_CATALOGUE,
    sandbox: sandboxConfigOf(environment),
    createWaitMs: environment.CREATE_WAIT_MS,
    submissions: environment.SUBMISSIONS,
    executor: environment.EXECUTOR,
    compression: environment.COMPRESSION === 'on',
    access: accessConfigOf(environment),
    webhooks: webhookConfigOf(environment),
    archive: archiveConfigOf(environment),
    publicUrl: environment.PUBLIC_URL ?? null,
  };
}
