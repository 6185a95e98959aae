/**
 * Opens two parts side by side, and hands what opened to the stack, the second to be disposed of first. Rejects once both
 * are settled where one can't be opened, so that nothing is left open beside the stack.
 */
export async function openTogether<One extends AsyncDisposable, Other extends AsyncDisposable>(
  stack: AsyncDisposableStack,
  opening: readonly [Promise<One>, Promise<Other>],
): Promise<[One, Other]> {
  for (const part of await Promise.allSettled(opening)) if (part.status === 'fulfilled') stack.use(part.value);
  return await Promise.all(opening);
}
