import { expect, it } from 'vitest';
import { cutLines, wrapText } from '../../src/sandbox/rendering/wrap-text.ts';

/** As if every character were one unit wide. */
const wrap = (text: string, width: number) => wrapText(text, width, (line) => Array.from(line).length);

it('breaks between words', () => {
  expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
});

it('breaks Chinese, which has no spaces, without a comma at the start of a line', () => {
  expect(wrap('红色的狐狸，跳过懒狗', 5)).toEqual(['红色的', '狐狸，跳过', '懒狗']);
});

it('breaks a word that is wider than a line', () => {
  expect(wrap('a supercalifragilistic day', 8)).toEqual(['a', 'supercal', 'ifragili', 'stic day']);
});

it('never breaks an emoji of several parts', () => {
  const family = '👨‍👩‍👧‍👦';
  expect(wrap(family.repeat(3), 8)).toEqual([family, family, family]);
});

it('turns line breaks and control characters into spaces', () => {
  expect(wrap('one\n\ttwo\u0007three', 20)).toEqual(['one two three']);
});

it('has no lines for an empty text', () => {
  expect(wrap('  ', 10)).toEqual([]);
});

it('marks where it was cut', () => {
  expect(cutLines(['one', 'two', 'three'], 2)).toEqual(['one', 'tw…']);
  expect(cutLines(['one', 'two'], 2)).toEqual(['one', 'two']);
});
