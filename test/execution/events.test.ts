import { setImmediate } from 'node:timers/promises';
import { executeSubscriptionEvent, parse, validateSubscriptionArgs } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../schema/index.ts';
import { createCompiledEvents } from '../../src/execution/compiled-execute.ts';
import { isCompiled } from '../../src/execution/compiled-result.ts';
import { contextOver } from '../schema/ask.ts';
import { everything } from '../schema/everything.ts';
import { changeOf, taskId } from '../schema/in-memory-use-cases.ts';
import { createTroubledUseCases } from './troubled-tasks.ts';

const wholeTask = everything.slice(everything.indexOf('fragment WholeTask'));
const compile = createCompiledEvents(schema);
const caller = { owner: 'alice' };
const numbers = [0, 1, 2, 3, 4, 5, 6, 7];

function argsOf(source: string, contextValue: unknown) {
  const args = validateSubscriptionArgs({ schema, document: parse(source), contextValue });
  if (!('schema' in args)) throw new Error(String(args));
  return args;
}

/** An event by graphql's own executor, and by the compiled one. */
async function executeBoth(source: string, seed: string, troubleShare: number, number: number) {
  const fresh = async () => {
    const useCases = createTroubledUseCases(seed, troubleShare);
    const tasks = await createTroubledUseCases(seed, 0).findTasks(caller, [taskId(number)]);
    const [task] = tasks;
    if (!task) throw new Error('There is no such task.');
    return {
      args: argsOf(source, contextOver(useCases)),
      event: source.includes('taskChanges') ? changeOf(task) : task,
    };
  };
  const [one, other] = [await fresh(), await fresh()];
  const expected = JSON.stringify(await executeSubscriptionEvent({ ...one.args, rootValue: one.event }));
  await setImmediate();
  const executed = await compile(other.args)?.(other.event);
  const result = executed && 'dependence' in executed ? executed.result : executed;
  await setImmediate();
  return { expected, compiled: result && isCompiled(result) ? result.stringify(result) : null };
}

describe.each([0, 0.3])('where %d of all reads fail', (troubleShare) => {
  it.each([
    ['taskStatus', `subscription { taskStatus(id: "${taskId(1)}") { ...WholeTask } } ${wholeTask}`],
    ['taskChanges', `subscription { taskChanges { type taskId cursor task { ...WholeTask } } } ${wholeTask}`],
    [
      'taskStatus without what is read',
      `subscription { taskStatus(id: "1") { __typename ... on AigcTask { id status } } }`,
    ],
  ])('an event of %s is answered as graphql does', async (_name, source) => {
    for (const number of numbers) {
      const { expected, compiled } = await executeBoth(source, `event ${number}`, troubleShare, number);
      expect(compiled).toBe(expected);
    }
  });
});
