const maxLength = 200;

/**
 * Foreign text for the log: short, and without control characters that would act on a terminal. Runs of 50 characters go
 * because they may be a misplaced key or token; ids and file names are shorter.
 */
export function loggable(text: string): string {
  return text
    .slice(0, maxLength)
    .replace(/[\w.~-]{50,}/g, '…')
    .replace(/[^\x20-\x7e…]/g, (character) => encodeURIComponent(character.toWellFormed()));
}
