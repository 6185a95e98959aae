import { describe, expect, test } from 'vitest';
import { indexedWords, lookupWords, searchWords } from '../../src/store/search-words.ts';

/** As the list decides it: all words looked up are among the prompt's. */
function finds(search: string, prompt: string): boolean {
  const words = new Set(searchWords(prompt));
  const looked = lookupWords(search);
  return looked.length > 0 && looked.every((word) => words.has(word));
}

describe('a search finds', () => {
  test.each([
    ['lighthouse', 'A Lighthouse at dawn.'],
    ['LIGHTHOUSE dawn', 'A Lighthouse at dawn.'],
    ['dawn lighthouse', 'A Lighthouse at dawn.'],
    ["don't", "Don't look now"],
    ['café', 'A cafe\u0301 in Paris'],
    ['ﬁre', 'fire'],
    ['маяк', 'Маяк на рассвете'],
    ['猫', '一只小猫'],
    ['小猫', '一只小猫在睡觉'],
    ['猫 睡觉', '一只小猫在睡觉'],
    ['睡觉，小猫', '一只小猫在睡觉'],
    ['スーパー', 'スーパーマーケットの夜'],
    ['ﾈｺ', 'ネコと犬'],
    ['夜', 'スーパーマーケットの夜'],
    ['ねこ', 'こねこが走る'],
    ['고양이', '작은 고양이가 잔다'],
    ['양이', '작은 고양이가 잔다'],
    ['แมว', 'แมวดำกำลังนอน'],
    ['🐱', 'a cat 🐱🐱 on a roof'],
    ['❤', 'with ❤️'],
    ['❤️', 'with ❤'],
    ['👩‍🚀', 'the astronaut👩‍🚀in space'],
    ['🇩🇪', 'flags: 🇫🇷🇩🇪'],
    ['cat 🐱', 'a cat 🐱'],
    ['iphone手机', '新しいiPhone手机'],
    ['16', 'in 16:9'],
    ['𠮷野家', '𠮷野家の前'],
    ['anime', 'a cat, style:anime'],
    ['style', 'a cat, style:anime'],
    ['style:anime', 'a cat, style:anime'],
    ['style:anime', 'style: anime'],
    ['anime', 'style：anime'],
    ['ink wash', 'an ink-wash_study'],
    ['study', 'an ink-wash_study'],
    ['b.c', 'a.b.c'],
    ['example', 'as on example.com/cats'],
    ["it's", 'it’s late'],
    ['monet', "Monet's garden"],
    ['arbre', "l'arbre rouge"],
    ['стиль', 'стиль:аниме'],
    ['3.5', 'Stable Diffusion 3.5'],
    ['1,000', '1,000 lanterns'],
    ['v2.1', 'as in v2.1'],
    ['٣٫٥', 'بنسبة ٣٫٥'],
    ['16', '9_16'],
    ['צה״ל', 'צה"ל'],
    ['猫', 'style:猫'],
    ['〰', 'a wave 〰'],
  ])('%s in "%s"', (search, prompt) => {
    expect(finds(search, prompt)).toBe(true);
  });
});

describe('a search does not find', () => {
  test.each([
    ['light', 'A lighthouse at dawn'],
    ['lighthouse dusk', 'A lighthouse at dawn'],
    ['猫小', '一只小猫在睡觉'],
    ['猫狗', '一只小猫在睡觉'],
    ['🐶', 'a cat 🐱'],
    ['!!!', 'Stop!!!'],
    ['3.5', '5 cats and 3 dogs'],
    ['5', 'Stable Diffusion 3.5'],
    ['anim', 'style:anime'],
  ])('%s in "%s"', (search, prompt) => {
    expect(finds(search, prompt)).toBe(false);
  });
});

test('a text without any word has none', () => {
  for (const text of ['', '  \n', '!!!', '…', '，。']) {
    expect(searchWords(text)).toEqual([]);
    expect(lookupWords(text)).toEqual([]);
  }
});

test('each word counts once, and an endless one is cut for both sides alike', () => {
  expect(searchWords('a A a')).toEqual(['a']);
  for (const endless of ['x'.repeat(5_000), `x${'𐌰'.repeat(100)}`]) {
    const [word = ''] = searchWords(endless);
    expect(word.length).toBeLessThanOrEqual(100);
    expect(word.isWellFormed()).toBe(true);
    expect(finds(endless, endless)).toBe(true);
  }
});

test("in the index, one owner's words are not another's", () => {
  const [ada, grace] = [indexedWords('ada', ['cat', 'dog']), indexedWords('grace', ['cat', 'dog'])];
  expect(ada).toEqual(indexedWords('ada', ['cat', 'dog']));
  expect(new Set([...ada, ...grace]).size).toBe(4);
});
