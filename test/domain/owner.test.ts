import { expect, test } from 'vitest';
import { isOwnerName } from '../../src/domain/owner.ts';

test.each([
  'acme',
  'local',
  'Acme Corp.',
  'user|7',
  'M\u00FCller',
  '\u72D0\u72F8 \u540E\u7AEF',
  '\u{1F98A}'.repeat(255),
])('%j can name an owner', (text) => {
  expect(isOwnerName(text)).toBe(true);
});

test.each([
  ['', 'nothing'],
  ['x'.repeat(256), 'more than 255 characters'],
  [' acme', 'a space before'],
  ['acme ', 'a space after'],
  ['acme\u00A0', 'a space that does not break'],
  ['ac\u200Bme', 'a space without width'],
  ['acme\u2060', 'a word joiner'],
  ['\uFEFFacme', 'a byte order mark'],
  ['ac\u00ADme', 'a soft hyphen'],
  ['acme\u3164', 'a filler'],
  ['\u202Eemca', 'what turns the direction'],
  ['ac\u2028me', 'a line separator'],
  ['ac\u2029me', 'a paragraph separator'],
  ['ac\u0007me', 'a control character'],
  ['acme\0', 'NUL'],
  ['acme\uD83D', 'half a surrogate pair'],
  ['Mu\u0308ller', 'a letter and its accent apart'],
])('%j can not: %s', (text) => {
  expect(isOwnerName(text)).toBe(false);
});
