import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import type { ArchiveConfig } from '../config/archive.ts';
import type { ArchiveStore } from '../archive/archive-store.ts';
import { createArchiving } from '../archive/archiving.ts';
import { createLending } from '../archive/lending.ts';
import { createResultFetcher } from '../archive/fetch-result.ts';
import { openFileStore } from '../archive/file-store.ts';
import { createDimensionsReader, type DimensionsReader } from '../archive/read-dimensions.ts';
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
import { getSharedSecret } from '../store/shared-secret.ts';
import type { WorkLeases } from '../store/work-leases.ts';

export type OpenArchive = AsyncDisposable & {
  /** For a person, without secrets. */
  description: string;
  urlOf: FindFileUrl;
  findServed: FindServedFile;
  lendFile: LendFile;
  countFilesToArchive(): Promise<{ left: string; count: number }[]>;
  /** From now on it keeps and deletes by itself. */
  start(): void;
};

export type ArchiveParts = {
  config: ArchiveConfig;
  dataDirectory: string;
  database: Database;
  account: string;
  announcer: ChangeAnnouncer;
  leases: Pick<WorkLeases, 'take'>;
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

const dayMs = 24 * 3_600_000;

/** The archive as configured. Rejects when nothing could be kept there. */
export async function openArchive(parts: ArchiveParts): Promise<OpenArchive> {
  const { config, database, account, clock } = parts;
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await openStore(config, parts.machineClock));
  const fetch = await openFetcher(parts, opening.use(createDimensionsReader(clock)));
  const { loanOf, ...serving } = createServing({
    ...parts,
    store,
    signature: await openSignature(config, database),
    findArchivedFile: (taskId, index) => refuseInOutage(() => findArchivedFile(database, taskId, index)),
  });
  const archiving = opening.use(createArchiving({ ...parts, store, fetch }));
  parts.announcer.listen({ filesToKeep: archiving.keepFiles });
  const keepMs = config.retentionDays === null ? null : config.retentionDays * dayMs;

  const open = opening.move();
  return {
    description: describe(store, config),
    ...serving,
    lendFile: createLending({ ...parts, loanOf, reachesPrivate: parts.exemptOrigins.length > 0 }),
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

async function openFetcher({ config, dataDirectory, exemptOrigins, clock }: ArchiveParts, reader: DimensionsReader) {
  return createResultFetcher({
    requests: createPublicRequests({ exemptOrigins, clock }),
    spool: await openSpool(join(dataDirectory, 'spool')),
    maxBytes: config.maxFileBytes,
    reader,
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
