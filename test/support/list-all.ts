import type { ListTasksQuery } from '../generated/graphql.ts';
import { listTasks } from './documents.ts';
import type { TestGateway } from './gateway.ts';

export type ListedTask = {
  id: string;
  status: string;
  revision: number;
  prompt: string;
  pollCount: number;
  failure: string | null;
};

/** Every image task, page by page. */
export async function listAll(gateway: Pick<TestGateway, 'ask'>): Promise<ListedTask[]> {
  const listed: ListedTask[] = [];
  let after: string | null = null;
  do {
    const page: ListTasksQuery['tasks'] = (await gateway.ask(listTasks, { first: 100, after })).tasks;
    for (const node of page?.nodes ?? []) {
      if (node?.__typename !== 'ImageTask') continue;
      const { id, status, revision, prompt, pollCount, failure } = node;
      listed.push({ id, status, revision, prompt: prompt ?? '', pollCount, failure: failure?.code ?? null });
    }
    after = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return listed;
}
