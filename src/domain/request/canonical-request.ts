export type WithoutAbsent<T> = T extends readonly (infer Item)[]
  ? WithoutAbsent<Item>[]
  : T extends object
    ? { [K in keyof T]: K extends 'additionalParameters' ? NonNullable<T[K]> : WithoutAbsent<NonNullable<T[K]>> }
    : T;

/** Drops undefined, null and empty lists; but not in `additionalParameters`, where they may mean something to the vendor. */
export function withoutAbsent<T>(value: T): WithoutAbsent<T>;
export function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutAbsent(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => !isAbsent(field))
      .map(([name, field]) => [name, name === 'additionalParameters' ? field : withoutAbsent(field)]),
  );
}

export function canonicalJson(value: object): string {
  return JSON.stringify(value, (_name, field: unknown) =>
    isObject(field) ? Object.fromEntries(Object.entries(field).toSorted(byName)) : field,
  );
}

function isAbsent(field: unknown): boolean {
  return field === undefined || field === null || (Array.isArray(field) && field.length === 0);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By code units, because a locale's order differs between machines. */
function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}
