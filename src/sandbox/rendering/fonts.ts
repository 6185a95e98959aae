import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GlobalFonts } from '@napi-rs/canvas';

/**
 * Fonts from npm packages, so that a machine without any can show Latin, Cyrillic, Chinese, Japanese, Korean and emoji.
 * Each package consists of a hundred files by ranges of characters: only those that a text needs are loaded.
 */
const packages = ['noto-sans-sc', 'noto-sans-kr', 'noto-emoji'] as const;

/** The machine's fonts, for scripts without a package (Arabic, Thai…). */
const lastResort = 'sans-serif';

type Slice = { family: string; file: string; ranges: readonly (readonly [number, number])[] };

export type Fonts = {
  /** The CSS font-family list that shows this text. */
  familiesFor(text: string): string;
};

export function createFonts(): Fonts {
  const slices = packages.flatMap(readSlices);
  const loaded = new Set<string>();

  function load({ family, file }: Slice): void {
    if (loaded.has(family)) return;
    GlobalFonts.register(readFileSync(file), family);
    loaded.add(family);
  }

  return {
    familiesFor(text) {
      const codePoints = [...new Set(`${text} …·`)].map((character) => character.codePointAt(0) ?? 0);
      // Some files lack characters of their range, so every file that claims a character is in the list.
      const needed = slices.filter(({ ranges }) =>
        ranges.some(([low, high]) => codePoints.some((codePoint) => codePoint >= low && codePoint <= high)),
      );
      needed.forEach(load);
      return [...needed.map(({ family }) => `"${family}"`), lastResort].join(', ');
    },
  };
}

function readSlices(packageName: string): Slice[] {
  const pathOf = (file: string) => fileURLToPath(import.meta.resolve(`@fontsource-variable/${packageName}/${file}`));
  const rangesBySlice: Record<string, string> = JSON.parse(readFileSync(pathOf('unicode.json'), 'utf8'));
  return Object.entries(rangesBySlice).map(([name, ranges]) => {
    const slice = name.replace(/[[\]]/g, '');
    return {
      family: `${packageName}-${slice}`,
      file: pathOf(`files/${packageName}-${slice}-wght-normal.woff2`),
      ranges: ranges.split(',').map(parseRange),
    };
  });
}

/** `U+4e00-4e0f` or `U+4e00`. */
function parseRange(range: string): readonly [number, number] {
  const [low = '', high = low] = range.trim().slice(2).split('-');
  return [parseInt(low, 16), parseInt(high, 16)];
}
