import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createDocumentCache } from '../../src/http/graphql/documents/cache.ts';

const document = parse('{ hello }');
const long = (name: string) => name.padEnd(100_000, ' ');

test('documents are kept as long as they have less than 300,000 characters together, the latest asked for the longest', () => {
  const cache = createDocumentCache();
  for (const name of ['a', 'b', 'c']) cache.set(long(name), document);
  expect(cache.get(long('a'))).toBe(document);

  cache.set(long('d'), document);
  expect(['a', 'b', 'c', 'd'].filter((name) => cache.get(long(name)))).toEqual(['a', 'c', 'd']);

  cache.set('short', document);
  expect(['a', 'c', 'd'].filter((name) => cache.get(long(name)))).toEqual(['c', 'd']);
  expect(cache.get('short')).toBe(document);
});

test('a document that comes again takes no more room', () => {
  const cache = createDocumentCache();
  cache.set(long('a'), document);
  for (let time = 0; time < 5; time += 1) cache.set(long('b'), document);
  expect(cache.get(long('a'))).toBe(document);
});
