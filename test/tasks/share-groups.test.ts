import { expect, test } from 'vitest';
import type { DescribeAnswer } from '../../src/domain/upstream.ts';
import { findFollowedTask } from '../../src/store/following.ts';
import { account } from '../store/open-store.ts';
import { claimTask, noAnswer, record, submitTask } from '../store/task-states.ts';
import { ada, openTasks, type TestTasks } from './open-tasks.ts';

const ofTenant = { ...ada, shareGroup: 'acme' };
const request = { kind: 'IMAGE', prompt: 'a kite', model: { name: 'GEM' } } as const;

async function shareGroupsOf({ database }: TestTasks): Promise<(string | null)[]> {
  const rows = await database.selectFrom('task').select('share_group').orderBy('id').execute();
  return rows.map((row) => row.share_group);
}

test('a task, its retry and one that is adopted are of the share group that the caller has', async () => {
  const answer: DescribeAnswer = { status: 'RUN', message: null, files: [], resolution: null, requestId: 'r' };
  await using tasks = await openTasks({ describe: async () => answer });
  const { useCases, database } = tasks;
  const { id } = await useCases.createTask(ofTenant, request, null);
  await record(database, await claimTask(database, id), noAnswer);
  await useCases.retryTask(ofTenant, id, null);
  const adopted = await useCases.trackTask(ofTenant, { upstreamTaskId: '4-AigcImage-1', kind: null });
  expect(await shareGroupsOf(tasks)).toEqual(['acme', 'acme', 'acme']);
  expect(await findFollowedTask(database, account, adopted.id)).toMatchObject({ shareGroup: 'acme' });
});

test('without a claim the owner is its own share group', async () => {
  await using tasks = await openTasks();
  const { id } = await tasks.useCases.createTask(ada, request, null);
  expect(await shareGroupsOf(tasks)).toEqual([null]);
  await submitTask(tasks.database, id, '4-AigcImage-1');
  expect(await findFollowedTask(tasks.database, account, id)).toMatchObject({ shareGroup: ada.owner });
});
