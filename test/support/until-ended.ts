import type { FollowTaskSubscription } from '../generated/graphql.ts';
import { followTask } from './documents.ts';
import type { TestGateway } from './gateway.ts';

/** The last state of a task, as a subscriber gets it. */
export async function untilEnded(
  gateway: Pick<TestGateway, 'watch'>,
  id: string,
): Promise<FollowTaskSubscription['taskStatus']> {
  let last: FollowTaskSubscription['taskStatus'] | undefined;
  for await (const { data, errors } of gateway.watch(followTask, { id })) {
    if (errors) throw new Error(JSON.stringify(errors));
    last = data?.taskStatus;
  }
  if (last === undefined) throw new Error(`Nothing was heard of task ${id}.`);
  return last;
}
