const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu;
const longestWord = 100;

/**
 * The words of a text, for an index and for what is looked up in it. Languages with spaces (and Thai and the like, by
 * dictionary) give their words. Chinese, Japanese and Korean give single characters and pairs of neighbours instead:
 * where a dictionary cuts depends on the text around, and a search for 猫 must find 小猫.
 */
export function searchWords(text: string): string[] {
  return [...new Set([...spacedWords(text), ...runsOf(text).flatMap((run) => [...run, ...pairs(run)])])];
}

/** What a text that contains all of these words has in its index: pairs where there are any, which say more. */
export function lookupWords(text: string): string[] {
  return [...new Set([...spacedWords(text), ...runsOf(text).flatMap((run) => (run.length > 1 ? pairs(run) : run))])];
}

function spacedWords(text: string): string[] {
  const words = [...segmenter.segment(normalise(text).replace(unspaced, ' '))];
  return words.filter((word) => word.isWordLike).map((word) => word.segment.slice(0, longestWord));
}

function runsOf(text: string): string[][] {
  return (normalise(text).match(unspaced) ?? []).map((run) => Array.from(run));
}

function pairs(run: string[]): string[] {
  return run.slice(1).map((character, index) => `${run[index] ?? ''}${character}`);
}

function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
