export type ByteRange = { start: number; end: number };

/**
 * Reads a Range header for a file of `size` bytes; `end` is the last byte. `null` means the whole file: a malformed
 * header and a list of ranges may be ignored (RFC 9110, 14.2).
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  const range =
    first === ''
      ? { start: Math.max(0, size - Number(last)), end: size - 1 }
      : { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  return range.start > range.end ? 'unsatisfiable' : range;
}
