import type { PageRequest } from '../src/domain/task/listing.ts';
import { badUserInput } from './arguments.ts';
import { decodeCursor } from './cursor.ts';

export const maxPageSize = 100;
export const defaultPageSize = 20;

type PageArguments = {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
};

/** Throws BAD_USER_INPUT, also for `first` together with `last`, which the Relay specification discourages as unclear. */
export function parsePageRequest({ first, after, last, before }: PageArguments): PageRequest {
  if (typeof first === 'number' && typeof last === 'number') {
    throw badUserInput('first and last exclude each other: use first to page forwards, last to page backwards.');
  }
  return {
    ...sizeOf({ first, after, last, before }),
    ...(typeof after === 'string' && { after: decodeCursor('after', after) }),
    ...(typeof before === 'string' && { before: decodeCursor('before', before) }),
  };
}

/** Without a number, `before` alone means the page that ends there; anything else starts at the newest. */
function sizeOf({ first, after, last, before }: PageArguments): { first: number } | { last: number } {
  if (typeof first === 'number') return { first: checkPageSize('first', first) };
  if (typeof last === 'number') return { last: checkPageSize('last', last) };
  return typeof before === 'string' && typeof after !== 'string'
    ? { last: defaultPageSize }
    : { first: defaultPageSize };
}

function checkPageSize(name: string, size: number): number {
  if (size >= 1 && size <= maxPageSize) return size;
  throw badUserInput(`${name} must be from 1 to ${maxPageSize}, not ${size}.`);
}
