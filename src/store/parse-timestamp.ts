import { types, type CustomTypesConfig } from 'pg';

const { TIMESTAMPTZ } = types.builtins;
const parseAny = types.getTypeParser(TIMESTAMPTZ);
/** As PostgreSQL writes a moment in UTC: 2026-01-15 12:00:00.123456+00, with as many digits after the point as it needs. */
const utcLength = { min: '2026-01-15 12:00:00+00'.length, max: '2026-01-15 12:00:00.123456+00'.length };

/** A page of tasks with its history has some hundred moments: read by position they take a tenth of the time. */
export function parseTimestamp(text: string): Date {
  const { length } = text;
  // Date.UTC() takes the years 0 to 99 for those of another century.
  const isPlain = length >= utcLength.min && length <= utcLength.max && text[0] !== '0' && text[4] === '-';
  if (!isPlain || !text.endsWith('+00')) return parseAny(text);
  const number = (from: number, to: number): number => {
    let value = 0;
    for (let at = from; at < to; at += 1) value = 10 * value + text.charCodeAt(at) - 48;
    return value;
  };
  const digits = Math.min(3, Math.max(0, length - utcLength.min - 1));
  const ms = number(20, 20 + digits) * 10 ** (3 - digits);
  const at = Date.UTC(
    number(0, 4),
    number(5, 7) - 1,
    number(8, 10),
    number(11, 13),
    number(14, 16),
    number(17, 19),
    ms,
  );
  return new Date(at);
}

/** For a pool: everything as pg reads it, but moments by position. */
export const timestampsByPosition: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === TIMESTAMPTZ && format !== 'binary' ? parseTimestamp : types.getTypeParser(oid, format),
};
