import { countCodePoints, isStorable } from './request/text.ts';

const maxCharacters = 255;

/** Control characters, separators of lines and paragraphs, and characters that can't be seen or turn the text around. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

export const ownerNameRule =
  'must have 1 to 255 characters that can be seen, on one line, without a space at either end, composed (Unicode NFC).';

/** Names that look alike would be different owners, so each name has only one spelling. */
export function isOwnerName(text: string): boolean {
  if (text === '' || text.length > 2 * maxCharacters || countCodePoints(text) > maxCharacters) return false;
  return isStorable(text) && !invisible.test(text) && text === text.trim() && text === text.normalize('NFC');
}
