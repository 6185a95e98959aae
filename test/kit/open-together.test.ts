import { expect, test } from 'vitest';
import { openTogether } from '../../src/kit/open-together.ts';

function part(name: string, disposed: string[]): AsyncDisposable {
  return { [Symbol.asyncDispose]: async () => void disposed.push(name) };
}

test('hands both to the stack, and the second is disposed of first', async () => {
  const disposed: string[] = [];
  const [one, other] = [part('one', disposed), part('other', disposed)];
  {
    await using stack = new AsyncDisposableStack();
    const opened = await openTogether(stack, [Promise.resolve(one), Promise.resolve(other)]);
    expect(opened).toEqual([one, other]);
  }
  expect(disposed).toEqual(['other', 'one']);
});

test('where one can not be opened, what opens after it is still disposed of', async () => {
  const disposed: string[] = [];
  const late = Promise.withResolvers<AsyncDisposable>();
  await using stack = new AsyncDisposableStack();
  const opening = openTogether(stack, [Promise.reject(new Error('no port')), late.promise]);
  late.resolve(part('late', disposed));
  await expect(opening).rejects.toThrow('no port');
  await stack.disposeAsync();
  expect(disposed).toEqual(['late']);
});
