/** These fields of a PostgreSQL error quote rows, and so prompts: "Failing row contains (…)". */
const quotingFields = ['detail', 'where', 'internalQuery'];

/** Errors of the data (SQLSTATE class 22) quote the value itself: `invalid input syntax for type json: "…"`. */
const aboutData = /^22...$/;

type Change = { before: string; after: string };

/**
 * Removes from an error what PostgreSQL quotes of rows; also from the errors inside it, and where it repeats their
 * messages. Codes, names of tables and stacks stay.
 */
export function forgetRows(error: unknown): void {
  forgetRowsOnce(error, new Set());
}

/** Returns what was changed inside, so that it is changed where it is repeated. */
function forgetRowsOnce(error: unknown, seen: Set<unknown>): Change[] {
  if (!(error instanceof Error) || seen.has(error)) return [];
  seen.add(error);
  const within = Object.getOwnPropertyNames(error).flatMap((name) => [Reflect.get(error, name)].flat());
  const changes = within.flatMap((inner) => forgetRowsOnce(inner, seen));
  if (isOfPostgres(error)) {
    for (const name of quotingFields) Reflect.deleteProperty(error, name);
    if (aboutData.test(error.code)) changes.push({ before: error.message, after: withoutValue(error.message) });
  }
  for (const change of changes) replaceIn(error, change);
  return changes;
}

/** Recognised by its five-character code and its severity, whichever driver has read it. */
function isOfPostgres(error: Error): error is Error & { code: string } {
  return 'severity' in error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code));
}

/** Up to the first punctuation: servers in other languages have other quotation marks. */
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
