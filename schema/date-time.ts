import { GraphQLError } from 'graphql';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description:
    'A moment as RFC 3339 text, such as `2026-07-01T12:30:00.000Z`. Answers are in UTC with milliseconds; inputs may have any offset, but must have one.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: createIsoText(),
  parseValue: parseDateTime,
});

/** As toISOString(), at a seventh of its cost: a page of tasks has some hundred moments, most of the same few days. */
export function createIsoText(): (moment: Date) => string {
  const dayMs = 24 * 3_600_000;
  const padded = (digits: number) => Array.from({ length: 10 ** digits }, (_, n) => String(n).padStart(digits, '0'));
  const [two, three] = [padded(2), padded(3)];
  let [day, dayText] = [Number.NaN, ''];
  return (moment) => {
    const at = moment.getTime();
    const today = Math.floor(at / dayMs);
    if (today !== day) [dayText, day] = [moment.toISOString().slice(0, -13), today];
    const ms = at - today * dayMs;
    const seconds = Math.floor(ms / 1_000);
    const [hour, minute] = [two[Math.floor(seconds / 3_600)], two[Math.floor(seconds / 60) % 60]];
    return `${dayText}${hour}:${minute}:${two[seconds % 60]}.${three[ms % 1_000]}Z`;
  };
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** Strict: Date.parse() alone takes 30 February for 2 March, and reads a time without an offset as local. */
export function parseDateTime(value: unknown): Date {
  const [, year, month, day] = (typeof value === 'string' && rfc3339.exec(value)) || [];
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const moment = new Date(String(value).toUpperCase());
  if (year === undefined || midnight.getUTCDate() !== Number(day) || Number.isNaN(moment.getTime())) {
    throw new GraphQLError(
      'DateTime must be an RFC 3339 moment with an offset, such as "2026-07-01T12:30:00Z" or "2026-07-01T20:30:00+08:00".',
    );
  }
  return moment;
}
