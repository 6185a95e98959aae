import { ownerTag } from '../domain/task/task-hint.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Hangul}]+/gu;
const pictogram = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const longestWord = 100;
/** All but the mark inside a number: 3.5, 1,000. */
const punctuation = /(?!(?<=\p{Nd})[.,\u066b\u066c](?=\p{Nd}))\p{P}/u;

/**
 * The words of a text, for an index and for what is looked up in it. Languages with spaces (and Thai and the like, by
 * dictionary) give their words. Chinese, Japanese and Korean give single characters and pairs of neighbours instead:
 * where a dictionary cuts depends on the text around, and a search for 猫 must find 小猫. An emoji is a word too. Where
 * Unicode's rules keep a word together although there is punctuation in it (`style:anime`, `foo_bar`, `l'arbre`), each part is
 * one: people look for the parts.
 */
export function searchWords(text: string): string[] {
  return [...new Set([...spacedWords(text), ...runsOf(text).flatMap((run) => [...run, ...pairs(run)])])];
}

/** What a text that contains all of these words has in its index: pairs where there are any, which say more. */
export function lookupWords(text: string): string[] {
  return [...new Set([...spacedWords(text), ...runsOf(text).flatMap((run) => (run.length > 1 ? pairs(run) : run))])];
}

/**
 * Words as they stand in the index: behind a mark of their owner, so that what others have of a word costs nothing. The
 * mark is short; that it might stand for two owners is harmless, because the owner is compared as well.
 */
export function indexedWords(owner: string, words: readonly string[]): string[] {
  const mark = ownerTag(owner).slice(0, 8);
  return words.map((word) => `${mark}:${word}`);
}

function spacedWords(text: string): string[] {
  const segments = [...segmenter.segment(normalise(text).replace(unspaced, ' '))];
  return segments
    .flatMap(({ isWordLike, segment }) => (isWordLike ? partsOf(segment) : pictogram.test(segment) ? [segment] : []))
    .map((word) => word.slice(0, longestWord).toWellFormed());
}

function partsOf(segment: string): string[] {
  return segment.split(punctuation).filter((part) => part !== '');
}

function runsOf(text: string): string[][] {
  return (normalise(text).match(unspaced) ?? []).map((run) => Array.from(run));
}

function pairs(run: string[]): string[] {
  return run.slice(1).map((character, index) => `${run[index] ?? ''}${character}`);
}

/** Without what only says that a character is to be drawn as an emoji: people's keyboards differ in it. */
function normalise(text: string): string {
  return text.normalize('NFKC').replaceAll('\u{fe0f}', '').toLowerCase();
}
