/** The arguments make no sense: the command's usage is shown. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Parses the arguments, then runs what they mean. Exit codes: 0, 1 for a failure, 2 for wrong arguments. */
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
