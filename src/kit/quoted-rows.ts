// PostgreSQL quotes rows, and with them prompts, in these fields of an error: "Failing row contains (…)".
const quotingFields = ['detail', 'where', 'internalQuery'];

// Data errors (SQLSTATE class 22) quote the value in their message: `invalid input syntax for type json: "…"`.
const dataErrorCode = /^22...$/;

type Change = { before: string; after: string };

/** Removes quoted rows from an error and the errors inside it. Codes, table names and stacks stay. */
export function forgetRows(error: unknown): void {
  forgetRowsOnce(error, new Set());
}

/** Returns what it has changed, because an outer error may repeat an inner one's message. */
function forgetRowsOnce(error: unknown, seen: Set<unknown>): Change[] {
  if (!(error instanceof Error) || seen.has(error)) return [];
  seen.add(error);
  const within = Object.getOwnPropertyNames(error).flatMap((name) => [Reflect.get(error, name)].flat());
  const changes = within.flatMap((inner) => forgetRowsOnce(inner, seen));
  if (isOfPostgres(error)) {
    for (const name of quotingFields) Reflect.deleteProperty(error, name);
    if (dataErrorCode.test(error.code)) changes.push({ before: error.message, after: withoutValue(error.message) });
  }
  for (const change of changes) replaceIn(error, change);
  return changes;
}

/** By its five-character code and its severity, which hold for any driver. */
function isOfPostgres(error: Error): error is Error & { code: string } {
  return 'severity' in error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code));
}

/** Cuts at the first punctuation, because servers in other languages use other quotation marks. */
function withoutValue(message: string): string {
  const [words = ''] = /^[\p{L}\p{N}\s()]*/u.exec(message) ?? [];
  return words === message ? message : `${words.trimEnd()} …`;
}

function replaceIn(error: Error, { before, after }: Change): void {
  for (const name of ['message', 'stack']) {
    const text: unknown = Reflect.get(error, name);
    if (typeof text === 'string' && text.includes(before)) {
      Reflect.set(
        error,
        name,
        text.replaceAll(before, () => after),
      );
    }
  }
}
