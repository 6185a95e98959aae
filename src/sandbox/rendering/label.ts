import { createCanvas, type Canvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Fonts } from './fonts.ts';
import type { Visual } from './render-job.ts';
import { cutLines, wrapText } from './wrap-text.ts';

/** The largest share of the picture's height that the prompt may cover. */
const maxShare = 0.55;
const lineHeight = 1.35;

/** A transparent layer with the prompt, the caption, and a tag that keeps it from passing as a real result. */
export function drawLabel({ width, height, prompt, caption }: Visual, fonts: Fonts): Canvas {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fontVariationSettings = "'wght' 500";
  const families = fonts.familiesFor(prompt + caption);
  const small = Math.max(11, Math.round(Math.sqrt(width * height) / 52));
  const margin = small * 2;
  const { lines, fontPx } = fitPrompt(context, prompt, families, width - 2 * margin, height * maxShare, small);

  const textHeight = lines.length * fontPx * lineHeight;
  const top = height - margin - small * 2.2 - textHeight;
  drawShade(context, top - margin * 2, width, height);
  context.textBaseline = 'top';
  context.fillStyle = 'white';
  context.font = `${fontPx}px ${families}`;
  lines.forEach((line, index) => context.fillText(line, margin, top + index * fontPx * lineHeight));
  context.fillStyle = 'rgba(255, 255, 255, 0.75)';
  context.font = `${small}px ${families}`;
  context.fillText(caption, margin, height - margin - small, width - 2 * margin);
  drawTag(context, 'SANDBOX', small, margin, fonts.familiesFor('SANDBOX'));
  return canvas;
}

/** The largest size at which the prompt fits; at the smallest one it is cut. */
function fitPrompt(
  context: SKRSContext2D,
  prompt: string,
  families: string,
  maxWidth: number,
  maxHeight: number,
  smallestPx: number,
): { lines: string[]; fontPx: number } {
  const measure = createMeasure(context, families);
  const sizeAt = (fontPx: number) => wrapText(prompt, maxWidth, (text) => measure(text) * fontPx);
  for (let fontPx = smallestPx * 3; fontPx > smallestPx; fontPx = Math.floor(fontPx * 0.85)) {
    const lines = sizeAt(fontPx);
    // Large letters are for few words: a wall of them reads worse than smaller ones.
    if (lines.length <= 3 || (fontPx < smallestPx * 1.6 && lines.length * fontPx * lineHeight <= maxHeight)) {
      return { lines, fontPx };
    }
  }
  return { lines: cutLines(sizeAt(smallestPx), Math.floor(maxHeight / (smallestPx * lineHeight))), fontPx: smallestPx };
}

/** Widths at a size of one pixel: they grow with the size, so each piece is measured once for all sizes. */
function createMeasure(context: SKRSContext2D, families: string): (text: string) => number {
  const measuredPx = 64;
  const widths = new Map<string, number>();
  context.font = `${measuredPx}px ${families}`;
  return (text) => {
    const width = widths.get(text) ?? context.measureText(text).width / measuredPx;
    widths.set(text, width);
    return width;
  };
}

function drawShade(context: SKRSContext2D, top: number, width: number, height: number): void {
  const shade = context.createLinearGradient(0, top, 0, height);
  shade.addColorStop(0, 'rgba(0, 0, 0, 0)');
  shade.addColorStop(0.2, 'rgba(0, 0, 0, 0.5)');
  shade.addColorStop(1, 'rgba(0, 0, 0, 0.7)');
  context.fillStyle = shade;
  context.fillRect(0, top, width, height - top);
}

function drawTag(context: SKRSContext2D, text: string, fontPx: number, margin: number, families: string): void {
  context.font = `${fontPx}px ${families}`;
  context.letterSpacing = `${fontPx * 0.15}px`;
  const width = context.measureText(text).width + fontPx * 1.4;
  context.fillStyle = 'rgba(0, 0, 0, 0.35)';
  context.beginPath();
  context.roundRect(margin, margin, width, fontPx * 2, fontPx);
  context.fill();
  context.fillStyle = 'rgba(255, 255, 255, 0.9)';
  context.textBaseline = 'middle';
  context.fillText(text, margin + fontPx * 0.75, margin + fontPx);
}
