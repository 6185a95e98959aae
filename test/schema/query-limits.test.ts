import { parse, subscribe } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { ask, contextOver } from './ask.ts';
import { everything } from './everything.ts';
import { createInMemoryUseCases, imageTask, taskId } from './in-memory-use-cases.ts';

function refusal({ errors = [] }: { errors?: readonly { message: string; extensions: object }[] }) {
  return errors.map(({ message, extensions }) => ({ message, ...extensions }));
}

describe('the limits of one operation', () => {
  it('leave room for a page of 100 tasks with every field there is', async () => {
    const { useCases } = createInMemoryUseCases([imageTask(1)]);

    expect(refusal(await ask(useCases, everything, { first: 100 }))).toEqual([]);
  });

  it('refuse several such pages at once, by what the variables really ask for', async () => {
    const { useCases, calls } = createInMemoryUseCases([imageTask(1)]);
    const pages = `query ($first: Int) { ${[1, 2, 3].map((page) => `page${page}: tasks(first: $first) { nodes { ...WholeTask } }`).join(' ')} }`;
    const source = `${pages} ${everything.slice(everything.indexOf('fragment WholeTask'))}`;

    expect(refusal(await ask(useCases, source, { first: 10 }))).toEqual([]);
    calls.length = 0;
    const [first] = refusal(await ask(useCases, source, { first: 100 }));

    expect(first).toMatchObject({ code: 'TOO_COMPLEX', limit: 'complexity', allowed: 50_000 });
    expect(first?.message).toMatch(/^The operation's complexity is \d+, more than the 50000 allowed\./);
    expect(calls).toEqual([]);
  });

  it('refuse what is nested too deep', async () => {
    const { useCases, calls } = createInMemoryUseCases([imageTask(1)]);
    const nested = (levels: number): string =>
      levels === 0 ? '__typename' : `... on AigcTask { retryOf { ${nested(levels - 1)} } }`;

    const deepest = await ask(useCases, `{ task(id: "1") { ${nested(10)} } }`);
    const tooDeep = await ask(useCases, `{ task(id: "1") { ${nested(11)} } }`);

    expect(refusal(deepest)).toEqual([]);
    expect(refusal(tooDeep)).toEqual([
      {
        message: "The operation's depth is 13, more than the 12 allowed. Nest fewer fields.",
        code: 'TOO_COMPLEX',
        limit: 'depth',
        actual: 13,
        allowed: 12,
      },
    ]);
    expect(calls).toHaveLength(1);
  });

  it('refuse a flood of aliases', async () => {
    const { useCases, calls } = createInMemoryUseCases([imageTask(1)]);
    const aliases = Array.from({ length: 501 }, (_, index) => `a${index}: __typename`).join(' ');

    const [first] = refusal(await ask(useCases, `{ task(id: "1") { __typename } ${aliases} }`));

    expect(first).toMatchObject({ code: 'TOO_COMPLEX', limit: 'breadth', actual: 503, allowed: 500 });
    expect(calls).toEqual([]);
  });

  it('refuse more lists at once than a database should be asked for', async () => {
    const { useCases, calls } = createInMemoryUseCases([]);
    const lists = Array.from({ length: 50 }, (_, index) => `list${index}: tasks(first: 1) { totalCount }`);

    expect(refusal(await ask(useCases, `{ ${lists.slice(1).join(' ')} }`))).toEqual([]);
    calls.length = 0;
    const [first] = refusal(await ask(useCases, `{ ${lists.join(' ')} }`));

    expect(first).toMatchObject({ code: 'TOO_COMPLEX', limit: 'complexity' });
    expect(calls).toEqual([]);
  });

  it('count each of the ids of nodes', async () => {
    const { useCases } = createInMemoryUseCases([imageTask(1)]);
    const perId = Array.from({ length: 3 }, (_, copy) => `copy${copy}: retryOf { ...WholeTask }`).join(' ');
    const source = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on AigcTask { ${perId} } } }
      ${everything.slice(everything.indexOf('fragment WholeTask'))}`;

    expect(refusal(await ask(useCases, source, { ids: [taskId(1)] }))).toEqual([]);
    expect(refusal(await ask(useCases, source, { ids: Array.from({ length: 100 }, () => taskId(1)) }))).toMatchObject([
      { limit: 'complexity' },
    ]);
  });

  it('refuse a subscription before it starts', async () => {
    const { useCases, calls } = createInMemoryUseCases([imageTask(1)]);
    const aliases = Array.from({ length: 501 }, (_, index) => `a${index}: __typename`).join(' ');

    const result = await subscribe({
      schema,
      document: parse(`subscription { taskStatus(id: "${taskId(1)}") { ${aliases} } }`),
      contextValue: contextOver(useCases),
    });

    expect('errors' in result && refusal(result)).toMatchObject([{ code: 'TOO_COMPLEX', limit: 'breadth' }]);
    expect(calls).toEqual([]);
  });
});
