import { join } from 'node:path';
import { systemClock, type Clock } from '../../src/kit/clock.ts';
import { documentedResultLifeMs } from '../../src/domain/task/following.ts';
import { builtInCatalogue } from '../../src/domain/models/model-catalogue.ts';
import type { Quotas } from '../../src/domain/task/quota.ts';
import { noQuotas } from '../support/no-quotas.ts';
import type { Caller, TaskKind } from '../../src/domain/task/task.ts';
import type { DescribeAnswer } from '../../src/domain/upstream.ts';
import { createTaskFeed } from '../../src/events/task-feed.ts';
import { silentLogger } from '../../src/kit/logger.ts';
import { createAnswerLog } from '../../src/store/answer-log.ts';
import { createChangeAnnouncer } from '../../src/store/change-announcer.ts';
import { findPlace } from '../../src/store/change-place.ts';
import { recognizeDatabase } from '../../src/store/database-identity.ts';
import type { Database } from '../../src/store/database.ts';
import { findChangesAfter } from '../../src/store/find-changes.ts';
import { findTasksToTell } from '../../src/store/find-tasks.ts';
import type { TaskDependencies } from '../../src/tasks/dependencies.ts';
import { createEstimates } from '../../src/tasks/estimates.ts';
import type { OutcomeDependencies } from '../../src/tasks/record-outcome.ts';
import { createTaskIds } from '../../src/tasks/task-ids.ts';
import { createUseCases, type UseCases } from '../../src/tasks/use-cases.ts';
import { account, openStore, owner, type TestStore } from '../store/open-store.ts';
import { createTemporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

export const ada: Caller = { owner };
export const grace: Caller = { owner: 'grace' };

export type TestTasks = AsyncDisposable &
  TestStore & {
    dependencies: TaskDependencies & OutcomeDependencies;
    useCases: UseCases;
    /** The tasks that were handed over to be sent, in order. */
    handedOver: string[];
    /** The tasks that are not to be sent any more, as the scheduler was told. */
    takenBack: string[];
    /** The tasks that the scheduler was told to poll, wherever it runs. */
    followed: string[];
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
  await recognizeDatabase(database);
  const followed: string[] = [];
  let looks = 0;
  const feed = opening.use(
    createTaskFeed({
      connection: store.connection,
      beginning: await findPlace(database),
      findTasks: (ids) => findTasksToTell(database, ids),
      async findPlace() {
        const place = await findPlace(database);
        looks += 1;
        return place;
      },
      findChangesAfter: (place, from) => findChangesAfter(database, place, { from: from ?? null }),
      recognizeDatabase: () => recognizeDatabase(database),
      onHeld: () => {},
      onFollowed: (id) => void followed.push(id),
      onLeaseReleased: () => {},
      clock: systemClock,
      logger,
    }),
  );
  // At its start and when it listens. What comes later is told by hints alone for 15 seconds.
  await until(() => looks >= 2);
  const estimates = opening.use(
    createEstimates(database, account, { catalogue: builtInCatalogue, clock: systemClock, logger }),
  );
  const handedOver: string[] = [];
  const takenBack: string[] = [];
  announcer.listen({
    held: ({ id }) => handedOver.push(id),
    canceled: ({ id }) => takenBack.push(id),
  });
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
    webhookExemptOrigins: [],
    isArchiving: false,
    estimates,
    answerLog: createAnswerLog(join(directory.path, 'answers.log')),
    describe: async (kind: TaskKind, upstreamTaskId: string) => {
      asked.push({ kind, upstreamTaskId });
      if (options.describe === undefined) throw new Error('No poll was expected.');
      return await options.describe(kind, upstreamTaskId);
    },
  };
  const useCases = createUseCases({ ...dependencies, tryFileUrl: async () => null });
  const open = opening.move();
  return {
    ...store,
    dependencies,
    useCases,
    handedOver,
    takenBack,
    followed,
    asked,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

export async function countTasks(database: Database): Promise<number> {
  return (await database.selectFrom('task').select('id').execute()).length;
}
