/** Arguments that mean nothing: the answer is how the command is used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads what the words ask for, and does it. Exit code 0; 2 for words that mean nothing, shown with the usage; 1 for what
 * could not be done.
 */
export async function runCommand(
  usage: string,
  read: (words: readonly string[]) => () => Promise<void>,
): Promise<void> {
  const words = process.argv.slice(2);
  try {
    if (words[0] === 'help' || words.includes('--help')) console.log(usage);
    else await readOrExplain(usage, () => read(words))();
  } catch (error) {
    console.error(error instanceof Error && process.env['LOG_LEVEL'] !== 'debug' ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

function readOrExplain<Meaning>(usage: string, read: () => Meaning): Meaning {
  try {
    return read();
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}
