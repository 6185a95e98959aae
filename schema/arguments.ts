import { GraphQLError } from 'graphql';
import { maxWordLength } from '../src/domain/request/request-bounds.ts';
import { countCodePoints, isStorable } from '../src/domain/request/text.ts';

export function upTo(maxLength: number): string {
  return `up to ${maxLength.toLocaleString('en')} characters`;
}

export function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

/** Refuses text that is too long, or that no database could hold. */
export function checkText(name: string, text: string | null | undefined, maxLength: number): void {
  if (text == null) return;
  const length = countCodePoints(text);
  if (length > maxLength) throw badUserInput(`${name} must have at most ${maxLength} characters, not ${length}.`);
  if (!isStorable(text)) throw badUserInput(`${name} must be Unicode text without NUL characters.`);
}

/** Refuses lists of more than `maxLength` items, and items that are too long for a word or that no database could hold. */
export function checkTexts(name: string, texts: readonly string[] | null | undefined, maxLength: number): void {
  checkListLength(name, texts, maxLength);
  for (const text of texts ?? []) checkText(`Each of ${name}`, text, maxWordLength);
}

export function checkListLength(name: string, list: readonly unknown[] | null | undefined, maxLength: number): void {
  if (list && list.length > maxLength) {
    throw badUserInput(`${name} must have at most ${maxLength} items, not ${list.length}.`);
  }
}
