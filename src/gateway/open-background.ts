import { systemClock, type Clock } from '../kit/clock.ts';
import type { ArchiveConfig } from '../config/archive.ts';
import type { Config } from '../config/config.ts';
import type { MetricsSink } from '../domain/metrics.ts';
import { createResultUrlCheck } from '../domain/task/result-url.ts';
import type { FindFileUrl } from '../domain/task/served-file.ts';
import type { Logger } from '../kit/logger.ts';
import type { OpenArchive } from './open-archive.ts';
import type { UpstreamSource } from './open-upstream.ts';
import { createPublicRequests } from '../outbound/public-requests.ts';
import type { ChangeAnnouncer } from '../store/change-announcer.ts';
import type { Database } from '../store/database.ts';
import { keepWorkLeases } from '../store/work-leases.ts';
import { findWebhookFiles } from '../tasks/webhook-files.ts';
import { createFileUrlTrial } from '../tasks/try-file-url.ts';
import { createFileUrlCheck } from '../upstream/file-url-check.ts';
import { createWebhooks } from '../webhooks/webhooks.ts';

export type BackgroundParts = {
  database: Database;
  config: Config;
  source: UpstreamSource;
  announcer: ChangeAnnouncer;
  /** Where files are served. Called once the server listens. */
  publicUrl(): string;
  metrics: MetricsSink;
  clock: Clock;
  machineClock: Clock;
  logger: Logger;
};

/** What is done without a caller: results are kept, webhooks sent. */
export async function openBackground(parts: BackgroundParts) {
  const { config, source, database, clock, logger } = parts;
  await using opening = new AsyncDisposableStack();

  // A lease runs by the database's time, which no test moves.
  const leases = opening.use(keepWorkLeases(database, { clock: systemClock, logger }));
  const openArchiveOf = async (archiveConfig: ArchiveConfig): Promise<OpenArchive> => {
    const { openArchive } = await import('./open-archive.ts');
    return await openArchive({
      ...parts,
      ...source,
      config: archiveConfig,
      dataDirectory: config.dataDirectory,
      account: source.upstream.account,
      leases,
    });
  };
  const archive = config.archive && opening.use(await openArchiveOf(config.archive));
  const findFileUrl: FindFileUrl = archive?.urlOf ?? (() => null);
  const resultRequests = createPublicRequests({ exemptOrigins: source.exemptOrigins, clock });
  const isUsableFileUrl = createResultUrlCheck(source.exemptOrigins);
  const tryFileUrl = createFileUrlTrial(createFileUrlCheck({ requests: resultRequests }), clock);
  const { exemptOrigins, secrets } = config.webhooks;
  const webhooks = opening.use(
    createWebhooks({
      database,
      requests: createPublicRequests({ exemptOrigins, clock }),
      secrets,
      findFiles: (task) => findWebhookFiles({ clock, tryFileUrl, findFileUrl, isUsableFileUrl }, task),
      leases,
      metrics: parts.metrics,
      clock,
      logger,
    }),
  );
  parts.announcer.listen({ webhookDue: webhooks.due });

  const open = opening.move();
  return {
    archive,
    tryFileUrl,
    findFileUrl,
    /** Once this server listens: what is sent names URLs of it. */
    start() {
      webhooks.start();
      archive?.start();
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
