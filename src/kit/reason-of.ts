/** Why something failed, in a few words. An error of several addresses at once has no message, only a code. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : error.name;
  if (error.message === '') return code;
  return error.message.includes(code) || code === 'Error' ? error.message : `${code}: ${error.message}`;
}
