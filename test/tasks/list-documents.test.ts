import { describe, expect, test } from 'vitest';
import type { TaskFilter } from '../generated/graphql.ts';
import { createImage, listTasks } from '../support/documents.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const prompts = [
  'A black cat 🐱',
  '一只小猫在睡觉',
  'スーパーマーケットの夜',
  '작은 고양이가 잔다',
  'แมวดำกำลังนอน',
  'Stop!!!',
];

async function startLibrary(): Promise<TestGateway> {
  const gateway = await startTestGateway({ submissions: 'paused', createWaitMs: 0 });
  for (const [index, prompt] of prompts.entries()) {
    await gateway.ask(createImage, { input: { prompt, operator: `operator-${index % 2}`, idempotencyKey: prompt } });
  }
  return gateway;
}

/** The prompts of what a filter selects, oldest first. */
async function select({ ask }: TestGateway, filter: TaskFilter): Promise<unknown[]> {
  const { tasks } = await ask(listTasks, { first: 50, filter });
  const found = tasks?.nodes.map(({ prompt }) => prompt) ?? [];
  expect(tasks?.totalCount).toBe(found.length);
  return found.toReversed();
}

describe('over GraphQL', () => {
  test('a search finds prompts by words in any language, and nothing by no words', async () => {
    await using gateway = await startLibrary();
    expect(await select(gateway, { search: 'CAT' })).toEqual([prompts[0]]);
    expect(await select(gateway, { search: '🐱' })).toEqual([prompts[0]]);
    expect(await select(gateway, { search: '小猫' })).toEqual([prompts[1]]);
    expect(await select(gateway, { search: 'マーケット' })).toEqual([prompts[2]]);
    expect(await select(gateway, { search: '고양이' })).toEqual([prompts[3]]);
    expect(await select(gateway, { search: 'แมว' })).toEqual([prompts[4]]);
    expect(await select(gateway, { search: '!!!' })).toEqual([]);
    expect(await select(gateway, { search: ' ' })).toEqual(prompts);
  });

  test('filters combine, and an empty list selects nothing', async () => {
    await using gateway = await startLibrary();
    expect(await select(gateway, { operator: 'operator-1', statuses: ['WAIT', 'RUN'], kinds: ['IMAGE'] })).toEqual(
      prompts.filter((_, index) => index % 2 === 1),
    );
    expect(await select(gateway, { operator: 'operator-1', kinds: [] })).toEqual([]);
    expect(await select(gateway, { createdAfter: '2100-01-01T00:00:00Z' })).toEqual([]);
    expect(await select(gateway, { createdBefore: '2100-01-01T00:00:00Z' })).toEqual(prompts);
  });

  test.each(['a\0b', '\ud800'])('no text can break a search or a filter: %j', async (text) => {
    await using gateway = await startLibrary();
    for (const filter of [{ search: text }, { operator: text }, { modelNames: [text] }]) {
      const { data, errors } = await gateway.send(listTasks, { first: 5, filter });
      const codes = errors?.map(({ extensions }) => extensions?.['code']) ?? [];
      expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
      if (codes.length === 0) expect(data?.tasks?.nodes).toEqual([]);
    }
  });
});
