import { countCodePoints, isStorable } from './request/text.ts';

const maxCharacters = 255;

/** Control characters, line and paragraph separators, and whatever else nobody sees, or that turns what is around it. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** For whoever has chosen another name. */
export const ownerNameRule =
  'must have 1 to 255 characters that can be seen, on one line, without a space at either end, composed (Unicode NFC).';

/**
 * Whether a text can name an owner of tasks, wherever it comes from. Two names that look the same would be two owners:
 * what could be written in one way only is left.
 */
export function isOwnerName(text: string): boolean {
  if (text === '' || text.length > 2 * maxCharacters || countCodePoints(text) > maxCharacters) return false;
  return isStorable(text) && !unseen.test(text) && text === text.trim() && text === text.normalize('NFC');
}
