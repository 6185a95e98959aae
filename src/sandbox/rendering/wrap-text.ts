/** The width of a piece of text. A line counts as the sum of its pieces, without kerning between them. */
export type Measure = (text: string) => number;

const words = new Intl.Segmenter(undefined, { granularity: 'word' });
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Breaks a text between words, in any script; within a word only if it is wider than a line; never within an emoji. */
export function wrapText(text: string, maxWidth: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const piece of piecesOf(text).flatMap((whole) => breakPiece(whole, maxWidth, measure))) {
    if (line !== '' && width + measure(piece.trimEnd()) > maxWidth) {
      lines.push(line.trimEnd());
      line = '';
      width = 0;
    }
    line += piece;
    width += measure(piece);
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

/** The first lines, with an ellipsis where the rest was cut off. */
export function cutLines(lines: readonly string[], count: number): string[] {
  if (lines.length <= count) return [...lines];
  const kept = lines.slice(0, count);
  const last = [...graphemes.segment(kept.pop() ?? '')].slice(0, -1).map(({ segment }) => segment);
  return [...kept, `${last.join('').trimEnd()}…`];
}

/** Words with the punctuation and space behind them, which must not start a line. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (const { segment, isWordLike } of words.segment(text.replace(/[\s\p{Cc}]+/gu, ' ').trim())) {
    const staysBehind = !isWordLike && /^[\s\p{Pe}\p{Pf}\p{Po}\p{Pd}]/u.test(segment);
    const previous = staysBehind ? pieces.pop() : undefined;
    pieces.push((previous ?? '') + segment);
  }
  return pieces;
}

function breakPiece(piece: string, maxWidth: number, measure: Measure): string[] {
  if (measure(piece.trimEnd()) <= maxWidth) return [piece];
  const parts: string[] = [];
  let part = '';
  let width = 0;
  for (const { segment } of graphemes.segment(piece)) {
    if (part !== '' && width + measure(segment) > maxWidth) {
      parts.push(part);
      part = '';
      width = 0;
    }
    part += segment;
    width += measure(segment);
  }
  return [...parts, part];
}
