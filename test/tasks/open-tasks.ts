import { join } from 'node:path';
import { systemClock, type Clock } from '../../src/clock.ts';
import { documentedResultLifeMs } from '../../src/domain/following.ts';
import { builtInCatalogue } from '../../src/domain/model-catalogue.ts';
import { noQuotas, type Quotas } from '../../src/domain/quota.ts';
import type { Caller, TaskKind } from '../../src/domain/task.ts';
import type { DescribeAnswer } from '../../src/domain/upstream.ts';
import { createTaskFeed } from '../../src/events/task-feed.ts';
import { silentLogger } from '../../src/logger.ts';
import { createAnswerLog } from '../../src/store/answer-log.ts';
import { createChangeAnnouncer } from '../../src/store/change-announcer.ts';
import { databaseTime } from '../../src/store/database-time.ts';
import type { Database } from '../../src/store/database.ts';
import { findChangedTasks } from '../../src/store/find-changes.ts';
import { findTasksById } from '../../src/store/find-tasks.ts';
import { createUseCases } from '../../src/tasks/create-use-cases.ts';
import type { TaskDependencies } from '../../src/tasks/dependencies.ts';
import { createEstimates } from '../../src/tasks/estimates.ts';
import type { OutcomeDependencies } from '../../src/tasks/record-outcome.ts';
import { createTaskIds } from '../../src/tasks/task-ids.ts';
import type { UseCases } from '../../src/tasks/use-cases.ts';
import { account, openStore, owner, type TestStore } from '../store/open-store.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';

export const ada: Caller = { owner };
export const grace: Caller = { owner: 'grace' };

export type TestTasks = AsyncDisposable &
  TestStore & {
    dependencies: TaskDependencies & OutcomeDependencies;
    useCases: UseCases;
    /** The tasks that were handed over to be sent, in order. */
    handedOver: string[];
    /** The questions that were asked of the upstream. */
    asked: { kind: TaskKind; upstreamTaskId: string }[];
  };

type Options = {
  /** What stands in for the upstream: nothing is known to it unless told. */
  describe?(kind: TaskKind, upstreamTaskId: string): Promise<DescribeAnswer>;
  clock?: Clock;
  createWaitMs?: number;
  quotas?: Quotas;
};

/** All use cases on a database of their own. Nothing is sent and nobody asks: that is what the test decides. */
export async function openTasks(options: Options = {}): Promise<TestTasks> {
  const { clock = systemClock, createWaitMs = 0, quotas = noQuotas } = options;
  await using opening = new AsyncDisposableStack();
  const store = opening.use(await openStore());
  const { database } = store;
  const directory = opening.use(await createTemporaryDirectory());
  const logger = silentLogger;
  const announcer = createChangeAnnouncer(database, 'this-process', { clock: systemClock, logger });
  opening.defer(() => announcer.flush());
  const feed = opening.use(
    createTaskFeed({
      connection: store.connection,
      findTasks: (ids) => findTasksById(database, ids),
      databaseTime: () => databaseTime(database),
      findChanges: (watched, since) => findChangedTasks(database, watched, since),
      onHeld: () => {},
      onFollowed: () => {},
      onLeaseReleased: () => {},
      clock: systemClock,
      logger,
    }),
  );
  const estimates = opening.use(
    createEstimates(database, account, { catalogue: builtInCatalogue, clock: systemClock, logger }),
  );
  const handedOver: string[] = [];
  const asked: TestTasks['asked'] = [];
  const dependencies = {
    database,
    feed,
    announcer,
    metrics: {
      upstreamCall: () => {},
      endDetected: () => {},
      decided: () => {},
      taskEnded: () => {},
      fileArchived: () => {},
      webhookTried: () => {},
    },
    clock,
    createTaskId: createTaskIds({ now: systemClock.now, settle: async () => {} }),
    logger,
    account,
    catalogue: builtInCatalogue,
    exemptOrigins: [],
    createWaitMs,
    resultLifeMs: documentedResultLifeMs,
    quotas,
    webhooks: { exemptOrigins: [], due: () => {} },
    estimates,
    answerLog: createAnswerLog(join(directory.path, 'answers.log')),
    scheduling: {
      taskHeld: ({ id }: { id: string }) => void handedOver.push(id),
      describe: async (kind: TaskKind, upstreamTaskId: string) => {
        asked.push({ kind, upstreamTaskId });
        if (options.describe === undefined) throw new Error('Nobody was to be asked.');
        return await options.describe(kind, upstreamTaskId);
      },
    },
  };
  const useCases = createUseCases({ ...dependencies, tryFileUrl: async () => null });
  const open = opening.move();
  return { ...store, dependencies, useCases, handedOver, asked, [Symbol.asyncDispose]: () => open.disposeAsync() };
}

export async function countTasks(database: Database): Promise<number> {
  return (await database.selectFrom('task').select('id').execute()).length;
}
