import { decodePlace, encodePlace, type ChangePlace } from '../src/domain/task/change-place.ts';
import { badUserInput } from './arguments.ts';
import { builder } from './builder.ts';

builder.scalarType('ChangeCursor', {
  description:
    'A place in the order in which changes were committed, whatever any clock says: `taskChanges(after:)` goes on from it. Opaque, below 2,000 characters, and good for 7 days; one that is older, or from before the database was restored, gets the error REFETCH_REQUIRED.',
  serialize: encodePlace,
  parseValue: parseChangeCursor,
});

function parseChangeCursor(value: unknown): ChangePlace {
  const place = typeof value === 'string' ? decodePlace(value) : null;
  if (place !== null) return place;
  throw badUserInput('after must be a ChangeCursor that this API returned, such as changeCursor of tasks.');
}
