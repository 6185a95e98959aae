import { graphql as runGraphql, print } from 'graphql';
import { expect, expectTypeOf, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { graphql } from '../generated/index.ts';
import { contextOver } from './ask.ts';
import { createInMemoryUseCases, imageTask } from './in-memory-use-cases.ts';

const PageOfTasks = graphql(`
  query PageOfTasks($filter: TaskFilter) {
    tasks(filter: $filter) {
      nodes {
        ... on ImageTask {
          kind
          createdAt
          request {
            additionalParameters
          }
        }
      }
    }
  }
`);

it("gives a client's document the types of what comes back", async () => {
  const { useCases } = createInMemoryUseCases([imageTask(1)]);

  const { data } = await runGraphql({ schema, source: print(PageOfTasks), contextValue: contextOver(useCases) });

  expect(data).toEqual({
    tasks: {
      nodes: [{ kind: 'IMAGE', createdAt: '2026-07-01T12:00:00.000Z', request: { additionalParameters: null } }],
    },
  });
  type Answer = NonNullable<ReturnType<NonNullable<(typeof PageOfTasks)['__apiType']>>['tasks']>['nodes'][number];
  type ImageTask = Extract<Answer, { kind: string }>;
  expectTypeOf<ImageTask['kind']>().toEqualTypeOf<'IMAGE' | 'VIDEO' | 'AUDIO'>();
  expectTypeOf<ImageTask['createdAt']>().toEqualTypeOf<string>();
});
