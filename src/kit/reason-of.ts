/** A short reason for logs. Node's error about several addresses has a code, but no message. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : error.name;
  if (error.message === '') return code;
  return error.message.includes(code) || code === 'Error' ? error.message : `${code}: ${error.message}`;
}
