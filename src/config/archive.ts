import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AccessEnvironment } from './access.ts';
import { integer, oneOf, origin, secret } from './values.ts';
import { isLoopbackHost } from '../domain/request/public-host.ts';

export type ArchiveConfig = {
  place:
    | { kind: 'folder'; path: string }
    | {
        kind: 's3';
        bucket: string;
        prefix: string;
        /** null: Amazon's own. */
        endpoint: string | null;
        region: string;
        /** null: those that the SDK finds by itself, unless they are temporary. */
        credentials: { accessKeyId: string; secretAccessKey: string } | null;
        forcePathStyle: boolean;
      };
  maxFileBytes: number;
  /** null: for ever. */
  retentionDays: number | null;
  /** The first signs URLs, all are accepted; null: one that the database keeps. */
  urlSecrets: readonly [string, ...string[]] | null;
};

export const archiveVariables = {
  ARCHIVE: z.string().transform(parsePlace).optional(),
  ARCHIVE_ENDPOINT: origin('https://cos.ap-singapore.myqcloud.com').optional(),
  ARCHIVE_REGION: z
    .string()
    .regex(/^[\w-]+$/, 'must be a name such as us-east-1 or ap-singapore')
    .optional(),
  ARCHIVE_ACCESS_KEY_ID: secret(),
  ARCHIVE_SECRET_ACCESS_KEY: secret(),
  ARCHIVE_FORCE_PATH_STYLE: oneOf(['false', 'true'], 'false'),
  ARCHIVE_MAX_FILE_BYTES: integer(1_024, 1_099_511_627_776).default(2_147_483_648),
  ARCHIVE_RETENTION_DAYS: integer(1, 36_500).optional(),
  ARCHIVE_URL_SECRET: z.string().transform(parseSecrets).optional(),
  PUBLIC_URL: z.string().transform(parsePublicUrl).optional(),
};

type ArchiveEnvironment = z.infer<z.ZodObject<typeof archiveVariables>>;

export function archiveContradictions(
  environment: ArchiveEnvironment & AccessEnvironment & { PORT: number },
): string[] {
  const { ARCHIVE: place } = environment;
  const mistakes: string[] = [];
  const needsPlace = ['ARCHIVE_RETENTION_DAYS', 'ARCHIVE_URL_SECRET'] as const;
  const needsS3 = ['ARCHIVE_ENDPOINT', 'ARCHIVE_REGION', 'ARCHIVE_ACCESS_KEY_ID', 'ARCHIVE_SECRET_ACCESS_KEY'] as const;
  for (const name of needsPlace) {
    if (place === undefined && environment[name] !== undefined)
      mistakes.push(`${name}: means something only with ARCHIVE`);
  }
  for (const name of needsS3) {
    if (place?.kind !== 's3' && environment[name] !== undefined)
      mistakes.push(`${name}: means something only with ARCHIVE=s3://…`);
  }
  if (place?.kind !== 's3') {
    if (environment.ARCHIVE_FORCE_PATH_STYLE === 'true')
      mistakes.push('ARCHIVE_FORCE_PATH_STYLE: means something only with ARCHIVE=s3://…');
  } else {
    if (environment.ARCHIVE_REGION === undefined)
      mistakes.push('ARCHIVE_REGION: is needed with ARCHIVE=s3://…, such as us-east-1 or ap-singapore');
    const { ARCHIVE_ACCESS_KEY_ID: id, ARCHIVE_SECRET_ACCESS_KEY: key } = environment;
    if (id === undefined && key !== undefined)
      mistakes.push('ARCHIVE_ACCESS_KEY_ID: must be set with ARCHIVE_SECRET_ACCESS_KEY');
    if (id !== undefined && key === undefined)
      mistakes.push('ARCHIVE_SECRET_ACCESS_KEY: must be set with ARCHIVE_ACCESS_KEY_ID');
  }
  if (place?.kind === 'folder' && environment.PUBLIC_URL === undefined && mayServeOthers(environment)) {
    mistakes.push(
      'PUBLIC_URL: is needed with ARCHIVE=file://…, since URLs of files begin with it: the address by which callers reach ' +
        `the gateway, such as https://tasks.example.com, or http://127.0.0.1:${environment.PORT} when only this machine calls`,
    );
  }
  return mistakes;
}

/** With authentication, callers may come from other machines: a proxy on this one makes their requests local. */
function mayServeOthers({ HOST, AUTH_MODE, AUTH_ALLOW_OPEN }: AccessEnvironment): boolean {
  return !isLoopbackHost(HOST) || AUTH_MODE.length > 0 || AUTH_ALLOW_OPEN === 'true';
}

/** null: results are gone when the vendor deletes them. */
export function archiveConfigOf(environment: ArchiveEnvironment): ArchiveConfig | null {
  const { ARCHIVE: place } = environment;
  if (place === undefined) return null;
  return {
    place: place.kind === 'folder' ? place : { ...place, ...s3ConfigOf(environment) },
    maxFileBytes: environment.ARCHIVE_MAX_FILE_BYTES,
    retentionDays: environment.ARCHIVE_RETENTION_DAYS ?? null,
    urlSecrets: environment.ARCHIVE_URL_SECRET ?? null,
  };
}

function s3ConfigOf(environment: ArchiveEnvironment) {
  const { ARCHIVE_ACCESS_KEY_ID: accessKeyId, ARCHIVE_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  return {
    endpoint: environment.ARCHIVE_ENDPOINT ?? null,
    region: environment.ARCHIVE_REGION ?? '',
    credentials: accessKeyId === undefined || secretAccessKey === undefined ? null : { accessKeyId, secretAccessKey },
    forcePathStyle: environment.ARCHIVE_FORCE_PATH_STYLE === 'true',
  };
}

type Place = { kind: 'folder'; path: string } | { kind: 's3'; bucket: string; prefix: string };

/** `file:///var/lib/results` or `s3://bucket/prefix`. */
function parsePlace(text: string, context: z.RefinementCtx): Place {
  const url = URL.parse(text);
  const isPlain = url !== null && url.username === '' && url.port === '' && url.search === '' && url.hash === '';
  if (isPlain && url.protocol === 'file:' && url.host === '' && url.pathname !== '/' && !/%2f/i.test(url.pathname)) {
    return { kind: 'folder', path: fileURLToPath(url) };
  }
  const prefix = url?.pathname.slice(1) ?? '';
  if (
    isPlain &&
    url.protocol === 's3:' &&
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname) &&
    /^[\w./-]*$/.test(prefix)
  ) {
    return { kind: 's3', bucket: url.hostname, prefix };
  }
  const message =
    'must be file:///an/absolute/path or s3://bucket/prefix; keys and endpoint have variables of their own';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

const minSecretLength = 32;

function parseSecrets(list: string, context: z.RefinementCtx): [string, ...string[]] {
  const secrets = list.split(',').map((part) => part.trim());
  const [first, ...others] = secrets;
  if (first !== undefined && secrets.every((part) => part.length >= minSecretLength && /^[\x21-\x7e]+$/.test(part))) {
    return [first, ...others];
  }
  const message = `must be at least ${minSecretLength} printable ASCII characters; several are separated by commas`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

/** Without a slash at its end. */
function parsePublicUrl(text: string, context: z.RefinementCtx): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '') {
    return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
  }
  const message =
    'must be the http:// or https:// address by which others reach the gateway, such as https://tasks.example.com';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
