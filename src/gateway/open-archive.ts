import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import type { ArchiveConfig } from '../config/archive.ts';
import type { ArchiveStore } from '../archive/archive-store.ts';
import { archiveHandler, archiveJob, createArchiving } from '../archive/archiving.ts';
import { createLending } from '../archive/lending.ts';
import { createResultFetcher } from '../archive/fetch-result.ts';
import { openFileStore } from '../archive/file-store.ts';
import { startRetention } from '../archive/retention.ts';
import { openS3Store } from '../archive/s3-store.ts';
import { createServing } from '../archive/serving.ts';
import { openSpool } from '../archive/spool.ts';
import { createUrlSignature, type UrlSignature } from '../archive/url-signature.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import type { FindFileUrl, FindServedFile, LendFile } from '../domain/task/served-file.ts';
import type { Logger } from '../kit/logger.ts';
import { createPublicRequests } from '../outbound/public-requests.ts';
import { countToArchive, findArchivedFile } from '../store/archiving.ts';
import { refuseInOutage } from '../store/refuse-in-outage.ts';
import type { ChangeAnnouncer } from '../store/change-announcer.ts';
import type { Database } from '../store/database.ts';
import type { JobHandler } from '../store/job.ts';
import type { Jobs } from '../store/jobs.ts';
import { getSharedSecret } from '../store/shared-secret.ts';

export type OpenArchive = AsyncDisposable & {
  /** For a person, without secrets. */
  description: string;
  urlOf: FindFileUrl;
  findServed: FindServedFile;
  lendFile: LendFile;
  handlers: Record<string, { run: JobHandler; concurrency: number }>;
  countFilesToArchive(): Promise<{ left: string; count: number }[]>;
  /** From now on it looks by itself for what is to be kept, and for what is old. */
  start(): void;
};

export type ArchiveParts = {
  config: ArchiveConfig;
  dataDirectory: string;
  database: Database;
  account: string;
  announcer: ChangeAnnouncer;
  jobs: Pick<Jobs, 'add'>;
  /** Origins whose files are fetched although their address is private: a sandbox's. */
  exemptOrigins: readonly string[];
  resultLifeMs: number;
  publicUrl(): string;
  metrics: MetricsSink;
  clock: Clock;
  /** By which files were changed. */
  machineClock: Clock;
  logger: Logger;
};

/** Files fetched at once by one process: bandwidth and the spool's disk are what they share. */
const fetchedAtOnce = 4;
const dayMs = 24 * 3_600_000;

/** The archive as configured. Rejects when nothing could be kept there. */
export async function openArchive(parts: ArchiveParts): Promise<OpenArchive> {
  const { config, database, account, clock } = parts;
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await openStore(config, parts.machineClock));
  const dependencies = { ...parts, store, fetch: await openFetcher(parts) };
  const { loanOf, ...serving } = createServing({
    ...parts,
    store,
    signature: await openSignature(config, database),
    findArchivedFile: (taskId, index) => refuseInOutage(() => findArchivedFile(database, taskId, index)),
  });
  const archiving = createArchiving(dependencies);
  opening.use(archiving);
  parts.announcer.listen({ filesToKeep: archiving.keepFiles });
  const keepMs = config.retentionDays === null ? null : config.retentionDays * dayMs;

  const open = opening.move();
  return {
    description: describe(store, config),
    ...serving,
    lendFile: createLending({ ...parts, loanOf, reachesPrivate: parts.exemptOrigins.length > 0 }),
    handlers: { [archiveJob]: { run: archiveHandler(dependencies), concurrency: fetchedAtOnce } },
    countFilesToArchive: () => countToArchive(database, account, new Date(clock.now())),
    start() {
      archiving.start();
      open.use(startRetention({ ...parts, store, keepMs }));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

async function openStore({ place }: ArchiveConfig, machineClock: Clock): Promise<ArchiveStore> {
  return place.kind === 'folder'
    ? await openFileStore({ folder: place.path, clock: machineClock })
    : await openS3Store(place);
}

async function openFetcher({ config, dataDirectory, exemptOrigins, clock }: ArchiveParts) {
  return createResultFetcher({
    requests: createPublicRequests({ exemptOrigins, clock }),
    spool: await openSpool(join(dataDirectory, 'spool')),
    maxBytes: config.maxFileBytes,
    clock,
  });
}

async function openSignature({ urlSecrets }: ArchiveConfig, database: Database): Promise<UrlSignature> {
  if (urlSecrets === null) return createUrlSignature([await getSharedSecret(database, 'archive-url')]);
  const [first, ...others] = urlSecrets;
  return createUrlSignature([Buffer.from(first), ...others.map((secret) => Buffer.from(secret))]);
}

function describe({ description }: ArchiveStore, { retentionDays }: ArchiveConfig): string {
  return `${description}, ${retentionDays === null ? 'for ever' : `for ${retentionDays} days`}`;
}
