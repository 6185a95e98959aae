const maxLength = 200;

/**
 * What a stranger sent, for a line of the log: short, and without what would act on the terminal that shows it. Somebody
 * may have put a key or a token where it doesn't belong; ids and names of files are shorter than those.
 */
export function loggable(text: string): string {
  return text
    .slice(0, maxLength)
    .replace(/[\w.~-]{50,}/g, '…')
    .replace(/[^\x20-\x7e…]/g, (character) => encodeURIComponent(character.toWellFormed()));
}
