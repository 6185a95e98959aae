import { ArchiveStoreError } from './archive-store.ts';

/** Never hidden or `..`, and without characters that are special to a file system or in a URL. */
const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,198}[A-Za-z0-9])?$/;

/** The names of a key's folders and file. They lead downwards only. */
export function namesOfKey(key: string): string[] {
  const names = key.split('/');
  if (names.length <= 10 && names.every((name) => namePattern.test(name))) return names;
  throw new ArchiveStoreError(
    'INVALID_KEY',
    `${JSON.stringify(key)} is no key of the archive: up to ten names with slashes between them, each of letters, digits, ` +
      'dots and dashes, with a letter or a digit at both ends.',
  );
}
