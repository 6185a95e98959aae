import { countCodePoints, isStorable } from './text.ts';

const maxCharacters = 255;

/** Whether a text can name an owner of tasks: up to 255 characters that can be stored, logged and printed. */
export function isOwnerName(text: string): boolean {
  if (text === '' || text.length > 2 * maxCharacters || countCodePoints(text) > maxCharacters) return false;
  return isStorable(text) && !/\p{Cc}/u.test(text);
}
