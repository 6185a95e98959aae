import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { up } from '../../migrations/0010-words-at-punctuation.ts';
import { indexedWords, searchWords } from '../../src/store/search-words.ts';
import { openFirstRelease, owners } from '../robustness/first-release.ts';
import { createBareDatabase } from '../support/database.ts';

/** As release 0.1.0 split texts that have no Chinese, Japanese or Korean in them. */
function wordsThen(text: string): string[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text.normalize('NFKC').toLowerCase());
  return [...new Set([...segments].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment.slice(0, 100)))];
}

const prompts = [
  'A plain one, with dots. And more',
  'style:anime',
  'foo_bar_ and _x',
  "L'arbre de Monet's",
  'Version 3.5 of example.com',
  'at ㏂, style：anime',
  `${'𐌰'.repeat(60)}:x${'𐌰'.repeat(60)}`,
];

test('the words of release 0.1.0 become those that are looked up now, and a second run finds nothing to do', async () => {
  await using bare = await createBareDatabase();
  await using release = await openFirstRelease(bare.config);
  for (const prompt of prompts) await release.insertTask({ account: 'a', prompt, words: wordsThen(prompt) });
  const read = async () =>
    (
      await sql<{ prompt: string; words: string[]; version: string }>`
        select prompt, words, task_words.xmin::text as version
        from task_words join task on task.id = task_id order by task_id`.execute(release.database)
    ).rows;
  const before = await read();
  await up(release.database);
  const after = await read();
  expect(after.map(({ prompt, words }) => [prompt, words])).toEqual(
    prompts.map((prompt) => [prompt, indexedWords(owners.local, searchWords(prompt))]),
  );
  // Only what changes is written: the first prompt's words are the same.
  expect(after.filter(({ version }, index) => version === before[index]?.version)).toHaveLength(1);
  await up(release.database);
  expect(await read()).toEqual(after);
});
