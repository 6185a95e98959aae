import type { Clock } from '../kit/clock.ts';
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
import { openJobs, type Jobs } from '../store/jobs.ts';
import type { OpenDatabase } from '../store/open-database.ts';
import { findWebhookFiles } from '../tasks/webhook-files.ts';
import { createFileUrlTrial } from '../tasks/try-file-url.ts';
import { createFileUrlCheck } from '../upstream/file-url-check.ts';
import { createWebhooks, webhookJob } from '../webhooks/webhooks.ts';

export type BackgroundParts = Pick<OpenDatabase, 'database' | 'listenConnection'> & {
  config: Config;
  source: UpstreamSource;
  announcer: ChangeAnnouncer;
  /** Where files are served. Asked for once the server listens. */
  publicUrl(): string;
  metrics: MetricsSink;
  clock: Clock;
  machineClock: Clock;
  logger: Logger;
};

/** What is done without a caller: results are kept, webhooks sent. */
export async function openBackground(parts: BackgroundParts) {
  const { config, source, database, clock, logger } = parts;
  const started = Promise.withResolvers<void>();
  await using opening = new AsyncDisposableStack();

  // Both add jobs, and what runs the jobs knows both.
  const laterJobs: Pick<Jobs, 'add'> = { add: (...job) => jobs.add(...job) };
  const openArchiveOf = async (archiveConfig: ArchiveConfig): Promise<OpenArchive> => {
    const { openArchive } = await import('./open-archive.ts');
    return await openArchive({
      ...parts,
      ...source,
      config: archiveConfig,
      dataDirectory: config.dataDirectory,
      account: source.upstream.account,
      jobs: laterJobs,
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
      jobs: laterJobs,
      metrics: parts.metrics,
      clock,
      logger,
    }),
  );
  parts.announcer.listen({ webhookDue: webhooks.due });
  const jobs = opening.use(
    openJobs({
      database,
      connection: parts.listenConnection,
      handlers: { [webhookJob]: { run: webhooks.run, concurrency: 2 }, ...archive?.handlers },
      after: started.promise,
      logger,
    }),
  );

  const open = opening.move();
  return {
    archive,
    tryFileUrl,
    findFileUrl,
    /** Loading what runs the jobs must not keep the first answer waiting. */
    start() {
      started.resolve();
      jobs.prepared.then(archive?.start, () => {});
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
